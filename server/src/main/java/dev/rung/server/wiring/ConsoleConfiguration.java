package dev.rung.server.wiring;

import dev.rung.adapter.crypto.SigningKeys;
import dev.rung.adapter.crypto.Vault;
import dev.rung.server.api.ApiKeys;
import dev.rung.server.api.Parts;
import dev.rung.server.console.Console;
import dev.rung.server.console.ConsoleParts;
import dev.rung.server.console.ConsoleServlet;
import dev.rung.server.console.Exposure;
import dev.rung.server.console.Observatory;
import dev.rung.server.console.Pulse;
import dev.rung.server.http.InProcess;
import dev.rung.server.http.Routes;
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
    Pulse pulse() {
        return new Pulse();
    }

    @Bean
    Observatory observatory(Parts parts, Pulse pulse) {
        return new Observatory(parts, pulse);
    }

    @Bean
    Closing consoleClosing() {
        return new Closing();
    }

    @Bean
    ServletRegistrationBean<ConsoleServlet> consoleServlet(
            Settings settings,
            Parts parts,
            Routes routes,
            Pulse pulse,
            Observatory observatory,
            ApiKeys apiKeys,
            Keys keys,
            Stores stores,
            SigningKeys signingKeys,
            SecureRandom random,
            Closing closing) {
        boolean behindProxy = settings.listen().behindProxy();
        ConsoleParts console = new ConsoleParts(
                parts,
                new InProcess(routes),
                pulse,
                observatory,
                apiKeys,
                new ConsoleParts.Keys(keys.operator(), keys.viewer()),
                new Vault(keys.master(), random),
                stores.audit(),
                stores.meta(),
                signingKeys,
                random,
                new Exposure(behindProxy || settings.listen().tls() != null, behindProxy),
                closing.stopping);
        return new ServletRegistrationBean<>(new ConsoleServlet(() -> new Console(console)), ConsoleServlet.paths());
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
