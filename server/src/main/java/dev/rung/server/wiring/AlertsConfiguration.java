package dev.rung.server.wiring;

import dev.rung.alerts.AlertReporter;
import dev.rung.alerts.AlertSettings;
import dev.rung.alerts.AlertWatch;
import dev.rung.core.flow.Engine;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.MerchantStore;
import dev.rung.delivery.http.EgressGuard;
import dev.rung.payments.flow.ChannelMonitor;
import dev.rung.queue.local.SteadyClock;
import dev.rung.settings.Settings;
import dev.rung.store.spi.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Alerts to the operators. */
@Configuration(proxyBeanMethods = false)
class AlertsConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(AlertsConfiguration.class);

    /** The engine reports to it, so that it exists before the engine and what is built on it. */
    @Bean
    AlertWatch alertWatch(
            Settings settings,
            Stores stores,
            SteadyClock clock,
            ObjectProvider<ChannelMonitor> monitor,
            ObjectProvider<OpenChannels> channels) {
        return new AlertWatch(
                stores.alerts(),
                stores.meta(),
                new AlertWatch.Sources(
                        stores.catalog(),
                        () -> monitor.getObject().problemsByChannel(),
                        new Expiries(
                                settings,
                                stores.keys(),
                                stores.merchants(),
                                () -> channels.getObject().all()),
                        receiver -> exists(stores.merchants(), receiver)),
                clock);
    }

    private static boolean exists(MerchantStore merchants, ReceiverId receiver) {
        return merchants
                .find(receiver.merchant())
                .filter(merchant -> !merchant.isDeleted() && merchant.receiver(receiver) != null)
                .isPresent();
    }

    @Bean
    AlertReporter alertReporter(Settings settings, Stores stores, Engine engine, SteadyClock clock, EgressGuard guard) {
        AlertSettings alerts = settings.alerts();
        if (alerts != null) {
            guard.check(alerts.url())
                    .ifPresent(fault -> LOG.warn(
                            "alerts will not arrive: --alerts-url {}; add its network to --allow-targets",
                            fault.message()));
        }
        return new AlertReporter(stores.alerts(), stores.notifications(), engine, stores.merchants(), clock, alerts);
    }
}
