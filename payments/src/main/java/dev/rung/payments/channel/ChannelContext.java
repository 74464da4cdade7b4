package dev.rung.payments.channel;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What the server offers an open account. Thread-safe. */
public interface ChannelContext {
    /**
     * Where the channel calls back to: {@code https://pay.example/callbacks/NAME}.
     *
     * @throws IllegalStateException before the server listens
     */
    URI callbackUrl();

    /**
     * Where payers reach {@link HostedBank} pages of this account: {@code https://pay.example/banks/NAME}, without a slash at the end.
     *
     * @throws IllegalStateException before the server listens
     */
    URI hostedUrl();

    /**
     * The same, as this very process reaches it.
     *
     * @throws IllegalStateException before the server listens
     */
    URI hostedUrlFromHere();

    /** The server's clock: it never steps. */
    InstantSource clock();

    /** Unpredictable. */
    RandomGenerator random();

    /** The operator's proxy for outbound HTTP, if there is one. */
    Optional<Proxy> proxy();

    /** Trusts what the JDK trusts, and this server's own certificate. */
    SSLContext tls();

    /** A folder of the account's own on this machine; it exists. Servers on one database have one each. */
    Path folder();

    /**
     * A secret that an account's type makes once: sealed in the database, the same for all accounts of the type, on all servers, after every
     * restart.
     *
     * @param make called when there is none yet
     */
    String secret(String name, Supplier<String> make);

    /**
     * A further service of the server, such as a durable store for a bank that runs inside it.
     *
     * @throws IllegalArgumentException if the server has none of that type
     */
    <T> T service(Class<T> type);

    /**
     * An HTTP proxy.
     *
     * @param authorization the value of {@code Proxy-Authorization}; null: none
     */
    record Proxy(String host, int port, @Nullable String authorization) {
        /** Without the credentials. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
