package dev.rung.server.wiring;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.model.Ids;
import dev.rung.observability.PaymentsLog;
import dev.rung.observability.PaymentsMetrics;
import dev.rung.observability.StreamHub;
import dev.rung.payments.flow.ChannelMonitor;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.RefundLimits;
import dev.rung.queue.local.SteadyClock;
import dev.rung.reconciliation.BillScheduler;
import dev.rung.reconciliation.DailyReconciliation;
import dev.rung.settings.Settings;
import dev.rung.store.spi.Stores;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Payments, over the channels that are open. */
@Configuration(proxyBeanMethods = false)
class PaymentsConfiguration {

    @Bean
    PaymentsMetrics paymentsMetrics(PrometheusMeterRegistry registry, Stores stores, SteadyClock clock) {
        return new PaymentsMetrics(registry, stores.payments(), clock);
    }

    @Bean
    ChannelMonitor channelMonitor(Payments payments, EngineRuntime runtime) {
        return new ChannelMonitor(payments, runtime);
    }

    @Bean
    BillScheduler billScheduler(
            Payments payments, Stores stores, OpenChannels channels, Settings settings, Ids ids, SteadyClock clock) {
        return new BillScheduler(
                stores.reconciliations(),
                new DailyReconciliation(payments, stores.payments(), stores.refunds(), ids, clock),
                channels::withBills,
                settings.storage().dataDir().resolve("bills"),
                ids,
                clock);
    }

    @Bean
    RefundLimits refundLimits(Settings settings) {
        return settings.payments().refundLimits();
    }

    @Bean
    Payments payments(
            Settings settings,
            Stores stores,
            OpenChannels channels,
            Engine engine,
            EngineRuntime runtime,
            SteadyClock clock,
            Ids ids,
            PaymentsMetrics metrics,
            StreamHub hub) {
        PaymentsLog log = new PaymentsLog(clock);
        Payments payments = new Payments(
                stores.payments(),
                stores.refunds(),
                channels.all(),
                engine,
                runtime,
                ids,
                new Payments.Settings(settings.payments().queryLadder(), stores.lanes()),
                event -> {
                    metrics.on(event);
                    log.on(event);
                    hub.on(event);
                });
        channels.onChange(payments::useChannels);
        return payments;
    }
}
