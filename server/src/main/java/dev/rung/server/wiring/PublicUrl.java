package dev.rung.server.wiring;

import dev.rung.settings.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;

/** Where channels and payers reach this server: what was set, or else where it listens. */
final class PublicUrl implements Supplier<URI> {
    private final Settings settings;
    private final ApplicationContext context;

    PublicUrl(Settings settings, ApplicationContext context) {
        this.settings = settings;
        this.context = context;
    }

    /**
     * Without a slash at the end.
     *
     * @throws IllegalStateException if nothing was set and the server does not listen yet
     */
    @Override
    public URI get() {
        return Objects.requireNonNullElseGet(settings.payments().publicUrl(), this::listening);
    }

    /** Where a channel calls back to. */
    URI callbacks(String channel) {
        return URI.create(get() + "/callbacks/" + channel);
    }

    /** Where the server listens; one that listens on every address, as seen from this machine. */
    URI listening() {
        InetAddress bind = settings.listen().bind();
        String host = bind.isAnyLocalAddress() ? "127.0.0.1" : bind.getHostAddress();
        String shown = host.contains(":") ? "[" + host + "]" : host;
        String scheme = settings.listen().tls() == null ? "http" : "https";
        WebServer server = context instanceof WebServerApplicationContext web ? web.getWebServer() : null;
        if (server == null) {
            throw new IllegalStateException("the server does not listen yet");
        }
        return URI.create(scheme + "://" + shown + ":" + server.getPort());
    }
}
