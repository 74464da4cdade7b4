package dev.rung.core.port;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * One kind of queue: opens it and checks what it needs. Found by {@link ServiceLoader}, so a jar offers its own by naming it in {@code
 * META-INF/services/dev.rung.core.port.QueueProvider}. Stateless.
 */
public interface QueueProvider {

    /**
     * The beginnings of the setting {@code --rabbitmq-uri} that it takes, such as {@code amqp://}. Empty: it works within the process, and is
     * the one used without a URI.
     */
    List<String> uriPrefixes();

    /**
     * Checks a URI that begins with one of its prefixes, without connecting.
     *
     * @throws IllegalArgumentException if it cannot be used; the message continues a sentence that begins with the setting's name, and does
     *     not repeat the URI, which may hold a password
     */
    void checkUri(String uri);

    /** Opens the queues, without connecting: that begins when a part is started, and is repeated until it succeeds. */
    Queues open(Config config, NotificationStore store, MetaStore meta, InstantSource clock);

    /** Checks for {@code rung doctor} what this kind of queue needs. Changes nothing that remains. */
    List<CheckResult> check(Config config);

    /** Whether it works within the process, so that only one server can use the store. */
    default boolean isEmbedded() {
        return uriPrefixes().isEmpty();
    }

    /** Every provider on the class path. */
    static List<QueueProvider> all() {
        return ServiceLoader.load(QueueProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** The provider that takes this URI; null asks for the embedded one. */
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
     * @param maxInFlight attempts that this server makes at once
     */
    record Config(@Nullable String uri, DeadLetterStrategy deadLetterStrategy, int maxInFlight) {
        /** Without the URI, which may hold a password. */
        @Override
        public String toString() {
            return "QueueProvider.Config[" + deadLetterStrategy + ", maxInFlight=" + maxInFlight + "]";
        }
    }
}
