package dev.rung.server.wiring;

import dev.rung.settings.Settings;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** Replaces the server's certificate without a restart. Connections that are open keep theirs. */
final class TlsReloader {
    private static final Logger LOG = LoggerFactory.getLogger(TlsReloader.class);

    private final Settings settings;
    private final WebServerApplicationContext context;

    TlsReloader(Settings settings, WebServerApplicationContext context) {
        this.settings = settings;
        this.context = context;
    }

    /** Reads the files again; keeps the present certificate if they cannot be used. */
    void reload() {
        Settings.Listen.Tls tls = settings.listen().tls();
        if (tls == null
                || !(context.getWebServer() instanceof TomcatWebServer server)
                || !(server.getTomcat().getConnector().getProtocolHandler()
                        instanceof AbstractHttp11Protocol<?> protocol)) {
            return;
        }
        try {
            TlsFiles.check(tls);
            protocol.reloadSslHostConfigs();
            LOG.info("reloaded the TLS certificate");
        } catch (RuntimeException e) {
            LOG.error("the TLS certificate was not reloaded: {}", e.getMessage());
        }
    }
}
