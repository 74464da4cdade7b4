package dev.rung.core.port;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Opens one kind of queue and checks what it needs. Found by {@link ServiceLoader}: a jar names its implementation in {@code
 * META-INF/services/dev.rung.core.port.QueueProvider}. Stateless.
 */
public interface QueueProvider {

    /**
     * The URI prefixes of the setting {@code --rabbitmq-uri} that it supports, such as {@code amqp://}. Empty: it works within the process,
     * and is used when no URI is given.
     */
    List<String> uriPrefixes();

    /**
     * Checks a URI that begins with one of its prefixes, without connecting.
     *
     * @throws IllegalArgumentException if it cannot be used; the message continues a sentence that begins with the setting's name, and does
     *     not repeat the URI, which may hold a password
     */
    void checkUri(String uri);

    /** Opens the queues without connecting. Each part connects when it is started, and retries until it succeeds. */
    Queues open(Config config, NotificationStore store, MetaStore meta, InstantSource clock);

    /** Checks for {@code rung doctor} what this kind of queue needs. Leaves no changes behind. */
    List<CheckResult> check(Config config);

    /** Whether it works within the process; then only one server can use the store. */
    default boolean isEmbedded() {
        return uriPrefixes().isEmpty();
    }

    /** Every provider on the class path. */
    static List<QueueProvider> all() {
        return ServiceLoader.load(QueueProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** The provider that supports this URI; null: the embedded one. */
    static Optional<QueueProvider> forUri(@Nullable String uri) {
        return all().stream()
                .filter(p ->
                        uri == null ? p.isEmbedded() : p.uriPrefixes().stream().anyMatch(uri::startsWith))
                .findFirst();
    }

    /**
     * The settings of a queue.
     *
     * @param uri null: within the process
     * @param maxInFlight limit of this server's attempts in flight
     */
    record Config(@Nullable String uri, DeadLetterStrategy deadLetterStrategy, int maxInFlight) {
        /** Omits the URI, which may contain a password. */
        @Override
        public String toString() {
            return "QueueProvider.Config[" + deadLetterStrategy + ", maxInFlight=" + maxInFlight + "]";
        }
    }
}
