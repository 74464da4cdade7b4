package dev.rung.server.wiring;

import dev.rung.settings.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** The URL at which channels and payers reach this server: the setting, or else its listen address. */
final class PublicUrl implements Supplier<URI>, ApplicationListener<WebServerInitializedEvent> {
    private static final int NOT_LISTENING = 0;

    private final Settings settings;
    private volatile int port = NOT_LISTENING;

    PublicUrl(Settings settings) {
        this.settings = settings;
    }

    /** The port is not asked for earlier: Tomcat would open a connector of its own, on port 8080 of every address. */
    @Override
    public void onApplicationEvent(WebServerInitializedEvent started) {
        port = started.getWebServer().getPort();
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
        if (port == NOT_LISTENING) {
            throw new IllegalStateException("the server does not listen yet");
        }
        return URI.create(scheme + "://" + shown + ":" + port);
    }
}
