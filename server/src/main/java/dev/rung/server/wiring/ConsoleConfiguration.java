package dev.rung.server.wiring;

import dev.rung.console.ConsoleClosing;
import dev.rung.console.ConsoleMvcConfiguration;
import dev.rung.console.ConsoleSettings;
import dev.rung.console.OidcSettings;
import dev.rung.console.OverviewService;
import dev.rung.console.RecentStats;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.observability.Readiness;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.queue.local.SteadyClock;
import dev.rung.settings.Settings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The console. It is created at the first request of a browser; before that only the statistics are collected. */
@Configuration(proxyBeanMethods = false)
@Import(ConsoleMvcConfiguration.class)
class ConsoleConfiguration {

    @Bean
    RecentStats recentStats() {
        return new RecentStats();
    }

    @Bean
    OverviewService overviewService(
            NotificationCatalog catalog,
            ApprovalStore approvals,
            MerchantCache merchantCache,
            Engine engine,
            Readiness readiness,
            SteadyClock clock,
            RecentStats recentStats) {
        return new OverviewService(catalog, approvals, merchantCache, engine, readiness, clock, recentStats);
    }

    @Bean
    Closing consoleClosing() {
        return new Closing();
    }

    @Bean
    ConsoleSettings consoleSettings(Settings settings, PublicUrl publicUrl) {
        Settings.Oidc oidc = settings.access().oidc();
        return new ConsoleSettings(
                settings.listen().behindProxy() || settings.listen().tls() != null,
                oidc == null
                        ? null
                        : new OidcSettings(
                                oidc.issuer(),
                                oidc.clientId(),
                                oidc.clientSecret() == null
                                        ? null
                                        : oidc.clientSecret().reveal(),
                                oidc.operators(),
                                oidc.viewers(),
                                oidc.claim(),
                                publicUrl));
    }

    /** Ends the consoles' streams when the server stops: they are requests that would never end. */
    static final class Closing implements SmartLifecycle, ConsoleClosing {
        private final CountDownLatch stopping = new CountDownLatch(1);

        @Override
        public boolean await(Duration most) throws InterruptedException {
            return stopping.await(most.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void start() {
            // Streams begin when browsers come.
        }

        @Override
        public void stop() {
            stopping.countDown();
        }

        @Override
        public boolean isRunning() {
            return stopping.getCount() > 0;
        }

        /** Together with the calls that are answered last. */
        @Override
        public int getPhase() {
            return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
        }
    }
}
