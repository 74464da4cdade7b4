package dev.rung.payments.channel;

import dev.rung.core.model.MerchantId;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The services of the server for an open account. Thread-safe. */
public interface ChannelContext {
    /**
     * The URL of the channel's callbacks: {@code https://pay.example/callbacks/NAME}.
     *
     * @throws IllegalStateException before the server listens
     */
    URI callbackUrl();

    /**
     * The URL of this account's {@link HostedBank} pages for payers: {@code https://pay.example/banks/NAME}, without a slash at the end.
     *
     * @throws IllegalStateException before the server listens
     */
    URI hostedUrl();

    /**
     * The same pages, with a URL that this process can connect to.
     *
     * @throws IllegalStateException before the server listens
     */
    URI hostedUrlFromHere();

    /** The server's monotonic clock. */
    InstantSource clock();

    /** A secure random generator. */
    RandomGenerator random();

    /** The operator's proxy for outbound HTTP, if there is one. */
    Optional<Proxy> proxy();

    /** Trusts the JDK's certificates and this server's own. */
    SSLContext tls();

    /** An existing folder for this account on this machine. Servers that share a database do not share it. */
    Path folder();

    /**
     * A secret that is created once per account type and stored encrypted in the database. It is the same for all accounts of the type and on all
     * servers.
     *
     * @param make creates it if there is none
     */
    String secret(String name, Supplier<String> make);

    /**
     * A merchant's own value of a secret member of an account, such as {@code app_auth_token}, which applies instead of the account's; empty if it has none.
     * Blocks.
     */
    default Optional<String> secretOfMerchant(MerchantId merchant, String member) {
        return Optional.empty();
    }

    /**
     * A further service of the server, such as a durable store for a simulated bank.
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
        /** Omits the credentials. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
