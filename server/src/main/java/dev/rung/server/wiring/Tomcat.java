package dev.rung.server.wiring;

import dev.rung.delivery.http.Cidr;
import dev.rung.server.http.BoundedHttpProtocol;
import dev.rung.server.http.ConnectionTable;
import dev.rung.server.http.StrictHeadValve;
import dev.rung.settings.Settings.Listen;
import dev.rung.settings.Settings.Management;
import java.io.File;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Shutdown;

/** Configures Tomcat: a virtual thread per request, persistent connections, problem documents for its own errors. */
final class Tomcat {
    private static final int KEEP_ALIVE_MILLIS = 60_000;
    /** How long a caller may be silent in the middle of a request, and how long it may leave an answer unread. */
    private static final int SILENCE_MILLIS = 20_000;

    /** Limits the operating system's buffers of a connection, which may otherwise hold megabytes of unread data. */
    private static final int RECEIVE_BYTES = 64 << 10;

    private static final int SEND_BYTES = 128 << 10;
    /** Of a form that the container reads by itself. */
    private static final int FORM_BYTES_MAX = 64 << 10;

    /** The operating system has its own limit. */
    private static final int BACKLOG = 10_000;
    /** This much of a body that is too large is still read, so that its sender receives the response. */
    private static final int SWALLOW_BYTES_MAX = 32 << 20;

    private Tomcat() {}

    /** Uses fixed folders, because those that Spring Boot makes in the temporary directory remain when the process is killed. */
    static void workIn(Path folder, TomcatServletWebServerFactory factory) {
        File base = folder.resolve("tomcat").toAbsolutePath().toFile();
        File documents = new File(base, "documents");
        if (!documents.isDirectory() && !documents.mkdirs()) {
            throw new StartupException("the folder " + documents + " cannot be created");
        }
        factory.setBaseDirectory(base);
        factory.setDocumentRoot(documents);
    }

    static TomcatServletWebServerFactory factory(Listen listen, ConnectionTable connections) {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(listen.port());
        factory.setAddress(listen.bind());
        factory.setProtocol(BoundedHttpProtocol.class.getName());
        factory.setRegisterDefaultServlet(false);
        factory.setShutdown(Shutdown.GRACEFUL);
        factory.addContextCustomizers(context -> {
            context.setRequestCharacterEncoding("UTF-8");
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
        factory.addConnectorCustomizers(connector -> configure(connector, connections));
        factory.addEngineValves(new StrictHeadValve());
        if (!listen.trustedProxies().isEmpty()) {
            factory.addEngineValves(forwarded(listen));
        }
        var tls = listen.tls();
        if (tls != null) {
            factory.addConnectorCustomizers(connector -> TlsConnector.configure(connector, tls));
        }
        return factory;
    }

    /** A second port of the same server; plain HTTP. */
    static Connector connector(Management management, ConnectionTable connections) {
        Connector connector = new Connector(BoundedHttpProtocol.class.getName());
        connector.setPort(management.port());
        configure(connector, connections);
        if (connector.getProtocolHandler() instanceof BoundedHttpProtocol protocol) {
            protocol.setAddress(management.bind());
        }
        return connector;
    }

    private static void configure(Connector connector, ConnectionTable connections) {
        connector.setXpoweredBy(false);
        connector.setEncodedSolidusHandling("passthrough");
        connector.setMaxPostSize(FORM_BYTES_MAX);
        if (connector.getProtocolHandler() instanceof BoundedHttpProtocol protocol) {
            configure(protocol);
            protocol.setTable(connections);
        }
    }

    /** Takes the client's address and scheme from the proxies' headers, if the request comes from one of them. */
    private static RemoteIpValve forwarded(Listen listen) {
        RemoteIpValve valve = new RemoteIpValve();
        valve.setInternalProxies(
                listen.trustedProxies().stream().map(Cidr::toString).collect(Collectors.joining(",")));
        valve.setProtocolHeader("X-Forwarded-Proto");
        return valve;
    }

    private static void configure(BoundedHttpProtocol protocol) {
        protocol.setProperty("socket.rxBufSize", Integer.toString(RECEIVE_BYTES));
        protocol.setProperty("socket.txBufSize", Integer.toString(SEND_BYTES));
        protocol.setExecutor(new VirtualThreadExecutor("http-"));
        protocol.setMaxKeepAliveRequests(-1);
        protocol.setKeepAliveTimeout(KEEP_ALIVE_MILLIS);
        protocol.setConnectionTimeout(SILENCE_MILLIS);
        protocol.setContinueResponseTiming("onRead"); // a request that is refused unread needs no body
        protocol.setAcceptCount(BACKLOG);
        protocol.setMaxSwallowSize(SWALLOW_BYTES_MAX);
    }
}
