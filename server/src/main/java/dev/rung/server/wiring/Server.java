package dev.rung.server.wiring;

import dev.rung.core.port.Queues;
import dev.rung.core.port.StoreException;
import dev.rung.observability.Logging;
import dev.rung.settings.DataDir;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** A server running in this process. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final ConfigurableApplicationContext context;

    private Server(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Starts a server, which is ready when this returns.
     *
     * @throws RuntimeException if it cannot start; one of the causes says what to correct
     */
    public static Server start(Settings settings) {
        // Logging is already configured, for every command.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        // The JDK withholds a proxy's credentials when it tunnels TLS; gateways may be behind a proxy that needs them.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        Logging.bridgeJavaLogging();
        if (settings.logFormat() == Settings.LogFormat.JSON) {
            Logging.useJson();
        }
        Settings.Listen.Tls tls = settings.listen().tls();
        if (tls != null) {
            TlsFiles.check(tls);
        }
        createDataDir(settings);
        SpringApplication application = new SpringApplication(ServerConfiguration.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        application.setAddCommandLineProperties(false);
        // All settings are in Settings: no application.properties of the working directory is read.
        application.setDefaultProperties(Map.of(
                "spring.config.location", "optional:classpath:/none/",
                "spring.web.resources.add-mappings", false,
                "spring.security.filter.dispatcher-types", "request",
                "management.endpoints.web.exposure.include", "health,loggers",
                "management.endpoint.health.show-details", "always",
                "management.endpoint.health.status.order", "down,out-of-service,degraded,up,unknown"));
        application.addInitializers(context -> context.getBeanFactory().registerSingleton("settings", settings));
        return new Server(application.run());
    }

    private static void createDataDir(Settings settings) {
        DataDir dataDir = new DataDir(settings.storage().dataDir());
        try {
            dataDir.create();
        } catch (IOException e) {
            throw new StartupException("the data dir " + dataDir.path() + " cannot be created: " + e, e);
        }
    }

    /** The URL it listens on; for a server that listens on every address, the one for this machine. */
    public URI address() {
        return context.getBean(PublicUrl.class).listening();
    }

    /** Reads the files of {@code --tls-cert} and {@code --tls-key} again; a fault is logged, and the present ones stay. */
    void reloadTls() {
        context.getBean(TlsReloader.class).reload();
    }

    /** Load balancers see that the server is not ready and send requests elsewhere. */
    private void delayDrain() {
        Duration delay = context.getBean(Settings.class).drain().delay();
        if (delay.isPositive()) {
            context.getBean(EngineLifecycle.class).announceStop();
            try {
                Thread.sleep(delay);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Drains: no new attempts, those in flight end and are settled, open calls are answered; then everything is closed. */
    @Override
    public void close() {
        delayDrain();
        context.stop();
        try {
            if (context.getBean(EngineLifecycle.class).hasDrained()) {
                context.getBean(Queues.class).drained();
            }
            context.getBean(SingleServerLock.class).release();
        } catch (StoreException e) {
            LOG.warn("the clean shutdown could not be recorded; the next start treats this one as a crash", e);
        } finally {
            context.close();
        }
    }
}
