package dev.rung.server.wiring;

import dev.rung.api.ApiDependencies;
import dev.rung.api.ApiKeys;
import dev.rung.console.ConsoleDependencies;
import dev.rung.console.ConsoleRoutes;
import dev.rung.console.ConsoleServlet;
import dev.rung.console.OverviewService;
import dev.rung.console.PublicExposure;
import dev.rung.console.RecentStats;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.Vault;
import dev.rung.settings.Settings;
import dev.rung.store.spi.Stores;
import dev.rung.web.InProcessApi;
import dev.rung.web.RouteTable;
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
    OverviewService overviewService(ApiDependencies parts, RecentStats recentStats) {
        return new OverviewService(parts, recentStats);
    }

    @Bean
    Closing consoleClosing() {
        return new Closing();
    }

    @Bean
    ServletRegistrationBean<ConsoleServlet> consoleServlet(
            Settings settings,
            ApiDependencies parts,
            RouteTable routes,
            RecentStats recentStats,
            OverviewService overviewService,
            ApiKeys apiKeys,
            ServerKeys keys,
            Stores stores,
            SigningKeys signingKeys,
            SecureRandom random,
            Closing closing) {
        boolean behindProxy = settings.listen().behindProxy();
        ConsoleDependencies console = new ConsoleDependencies(
                parts,
                new InProcessApi(routes),
                recentStats,
                overviewService,
                apiKeys,
                new ConsoleDependencies.Keys(keys.operator(), keys.viewer()),
                new Vault(keys.master(), random),
                stores.audit(),
                stores.meta(),
                signingKeys,
                random,
                new PublicExposure(behindProxy || settings.listen().tls() != null, behindProxy),
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
