package dev.rung.server.wiring;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.model.Ids;
import dev.rung.observability.PaymentSpans;
import dev.rung.observability.PaymentsLog;
import dev.rung.observability.PaymentsMetrics;
import dev.rung.observability.StreamHub;
import dev.rung.observability.Tracing;
import dev.rung.observability.TracingChannel;
import dev.rung.payments.flow.ChannelMonitor;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.RefundLimits;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.queue.local.SteadyClock;
import dev.rung.reconciliation.BillScheduler;
import dev.rung.reconciliation.DailyReconciliation;
import dev.rung.settings.DataDir;
import dev.rung.settings.Settings;
import dev.rung.store.spi.Stores;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
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
                new DataDir(settings.storage().dataDir()).bills(),
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
            Tracing tracing,
            StreamHub hub) {
        PaymentSpans spans = new PaymentSpans(tracing);
        PaymentsLog log = new PaymentsLog(clock);
        Payments payments = new Payments(
                stores.payments(),
                stores.refunds(),
                traced(channels.all(), tracing),
                engine,
                runtime,
                ids,
                new Payments.Settings(settings.payments().queryLadder(), stores.lanes()),
                event -> {
                    metrics.on(event);
                    log.on(event);
                    hub.on(event);
                    spans.on(event);
                });
        channels.onChange(all -> payments.useChannels(traced(all, tracing)));
        return payments;
    }

    private static List<PaymentChannel> traced(List<PaymentChannel> channels, Tracing tracing) {
        return tracing.isOn()
                ? channels.stream()
                        .<PaymentChannel>map(channel -> new TracingChannel(channel, tracing))
                        .toList()
                : channels;
    }
}
