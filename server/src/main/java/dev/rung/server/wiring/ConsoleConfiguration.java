package dev.rung.server.wiring;

import dev.rung.adapter.crypto.SigningKeys;
import dev.rung.adapter.crypto.Vault;
import dev.rung.server.api.ApiDependencies;
import dev.rung.server.api.ApiKeys;
import dev.rung.server.console.ConsoleDependencies;
import dev.rung.server.console.ConsoleRoutes;
import dev.rung.server.console.ConsoleServlet;
import dev.rung.server.console.OverviewService;
import dev.rung.server.console.PublicExposure;
import dev.rung.server.console.RecentStats;
import dev.rung.server.http.InProcessApi;
import dev.rung.server.http.RouteTable;
import dev.rung.server.settings.Settings;
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
    RecentStats pulse() {
        return new RecentStats();
    }

    @Bean
    OverviewService observatory(ApiDependencies parts, RecentStats pulse) {
        return new OverviewService(parts, pulse);
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
            RecentStats pulse,
            OverviewService observatory,
            ApiKeys apiKeys,
            ServerKeys keys,
            StoreFactory stores,
            SigningKeys signingKeys,
            SecureRandom random,
            Closing closing) {
        boolean behindProxy = settings.listen().behindProxy();
        ConsoleDependencies console = new ConsoleDependencies(
                parts,
                new InProcessApi(routes),
                pulse,
                observatory,
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
