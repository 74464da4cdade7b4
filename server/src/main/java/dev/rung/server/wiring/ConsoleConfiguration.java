package dev.rung.server.wiring;

import dev.rung.api.ApiKeys;
import dev.rung.api.ApiVersion;
import dev.rung.api.DiscrepancyService;
import dev.rung.api.LadderService;
import dev.rung.api.MerchantCache;
import dev.rung.api.MerchantKeyService;
import dev.rung.api.MerchantService;
import dev.rung.api.PaymentService;
import dev.rung.api.RefundService;
import dev.rung.api.ResendService;
import dev.rung.api.TestNotificationService;
import dev.rung.api.Timeline;
import dev.rung.console.ConsoleDependencies;
import dev.rung.console.ConsoleRoutes;
import dev.rung.console.ConsoleServlet;
import dev.rung.console.OverviewService;
import dev.rung.console.PublicExposure;
import dev.rung.console.RecentStats;
import dev.rung.core.flow.Engine;
import dev.rung.core.model.Ids;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.Vault;
import dev.rung.observability.Readiness;
import dev.rung.payments.flow.Payments;
import dev.rung.queue.local.SteadyClock;
import dev.rung.settings.Settings;
import dev.rung.store.spi.Stores;
import dev.rung.web.WrongKeyLimit;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The console. It is made when the first browser comes; before that there is only what counts. */
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration {

    @Bean
    RecentStats recentStats() {
        return new RecentStats();
    }

    @Bean
    OverviewService overviewService(
            NotificationCatalog catalog,
            MerchantCache directory,
            Engine engine,
            Readiness readiness,
            SteadyClock clock,
            RecentStats recentStats) {
        return new OverviewService(catalog, directory, engine, readiness, clock, recentStats);
    }

    @Bean
    Closing consoleClosing() {
        return new Closing();
    }

    @Bean
    ServletRegistrationBean<ConsoleServlet> consoleServlet(
            Settings settings,
            Engine engine,
            MerchantCache directory,
            Payments payments,
            Timeline timeline,
            MerchantService merchantService,
            MerchantKeyService keyService,
            TestNotificationService tests,
            LadderService ladders,
            ResendService resends,
            PaymentService paymentService,
            RefundService refundService,
            DiscrepancyService discrepancies,
            Ids ids,
            SteadyClock clock,
            ApiVersion version,
            RecentStats recentStats,
            OverviewService overviewService,
            ApiKeys apiKeys,
            WrongKeyLimit wrongKeys,
            ServerKeys keys,
            Stores stores,
            SigningKeys signingKeys,
            SecureRandom random,
            Closing closing) {
        boolean behindProxy = settings.listen().behindProxy();
        ConsoleDependencies console = new ConsoleDependencies(
                engine,
                stores.notifications(),
                stores.catalog(),
                stores.merchants(),
                directory,
                payments.channels(),
                stores.payments(),
                timeline,
                merchantService,
                keyService,
                tests,
                ladders,
                resends,
                paymentService,
                refundService,
                discrepancies,
                ids,
                clock,
                version,
                recentStats,
                overviewService,
                apiKeys,
                wrongKeys,
                new ConsoleDependencies.Keys(keys.operator(), keys.viewer()),
                new Vault(keys.master(), random),
                stores.audit(),
                stores.meta(),
                signingKeys,
                random,
                new PublicExposure(behindProxy || settings.listen().tls() != null),
                closing.stopping);
        return new ServletRegistrationBean<>(
                new ConsoleServlet(() -> new ConsoleRoutes(console)), ConsoleServlet.paths());
    }

    /** Ends the consoles' streams when the server stops: they would be visits that never end. */
    static final class Closing implements SmartLifecycle {
        private final CountDownLatch stopping = new CountDownLatch(1);

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
