package dev.rung.server.wiring;

import dev.rung.settings.Settings.Listen;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.Ssl;

/** Sets Tomcat up: a virtual thread a request, connections kept, answers of its own as problems. */
final class Tomcat {
    private static final int KEEP_ALIVE_MILLIS = 60_000;
    /** How long a caller may be silent in the middle of a request, and how long it may leave an answer unread. */
    private static final int SILENCE_MILLIS = 20_000;

    private static final int CONNECTIONS_MAX = 10_000;
    private static final int BACKLOG = 1_024;
    /** Of a body that is refused as too large so much is still read, so that its sender gets to see the answer. */
    private static final int SWALLOW_BYTES_MAX = 32 << 20;

    private Tomcat() {}

    static TomcatServletWebServerFactory factory(Listen listen) {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(listen.port());
        factory.setAddress(listen.bind());
        factory.setRegisterDefaultServlet(false);
        factory.setShutdown(Shutdown.GRACEFUL);
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
        factory.addConnectorCustomizers(connector -> {
            connector.setXpoweredBy(false);
            connector.setEncodedSolidusHandling("passthrough");
            if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
                configure(protocol);
            }
        });
        if (listen.tls() != null) {
            Ssl ssl = new Ssl();
            ssl.setCertificate(listen.tls().certificate().toUri().toString());
            ssl.setCertificatePrivateKey(listen.tls().key().toUri().toString());
            factory.setSsl(ssl);
        }
        return factory;
    }

    private static void configure(AbstractHttp11Protocol<?> protocol) {
        protocol.setExecutor(new VirtualThreadExecutor("http-"));
        protocol.setMaxKeepAliveRequests(-1);
        protocol.setKeepAliveTimeout(KEEP_ALIVE_MILLIS);
        protocol.setConnectionTimeout(SILENCE_MILLIS);
        protocol.setMaxConnections(CONNECTIONS_MAX);
        protocol.setAcceptCount(BACKLOG);
        protocol.setMaxSwallowSize(SWALLOW_BYTES_MAX);
    }
}
