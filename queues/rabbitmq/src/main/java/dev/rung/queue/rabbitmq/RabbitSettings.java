package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import dev.rung.core.port.DeadLetterStrategy;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to connect to RabbitMQ, and how many messages to prefetch.
 *
 * @param brokers one URI per host, tried in turn; all nodes of one cluster
 * @param deadLetterStrategy how wakes are dead-lettered from the delay queues
 * @param prefetch maximum unacknowledged wakes of this server: attempts in flight, wakes waiting for a slot, and wakes that arrived up to
 * half a second early
 * @param confirmTimeout a publish that is not confirmed within this time counts as unconfirmed
 */
public record RabbitSettings(
        List<URI> brokers, DeadLetterStrategy deadLetterStrategy, int prefetch, Duration confirmTimeout) {
    /** Twice the default number of attempts in flight, so that the next wake is available when a slot becomes free. */
    public static final int PREFETCH = 2_048;

    public static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(RabbitSettings.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration RPC_TIMEOUT = Duration.ofSeconds(30);

    public RabbitSettings {
        brokers = List.copyOf(brokers);
        if (brokers.isEmpty()) {
            throw new IllegalArgumentException("no RabbitMQ host is given");
        }
        if (prefetch < 1 || prefetch > 65_535) {
            throw new IllegalArgumentException("the prefetch is between 1 and 65535, not " + prefetch);
        }
        if (!confirmTimeout.isPositive()) {
            throw new IllegalArgumentException("the confirm time-out must be positive");
        }
    }

    /**
     * Parses the setting {@code --rabbitmq-uri}, with defaults for the rest: {@code amqp://user:password@host:port/vhost}, or {@code
     * amqps://}; several hosts either as {@code amqp://user:password@host1:port,host2:port/vhost} or as whole URIs separated by commas.
     *
     * @throws IllegalArgumentException if it is malformed; the message does not repeat it, because it may contain a password
     */
    public static RabbitSettings of(String uris) {
        return new RabbitSettings(parse(uris), DeadLetterStrategy.AT_LEAST_ONCE, PREFETCH, CONFIRM_TIMEOUT);
    }

    public RabbitSettings withDeadLetterStrategy(DeadLetterStrategy strategy) {
        return new RabbitSettings(brokers, strategy, prefetch, confirmTimeout);
    }

    public RabbitSettings withPrefetch(int messages) {
        return new RabbitSettings(brokers, deadLetterStrategy, messages, confirmTimeout);
    }

    public RabbitSettings withConfirmTimeout(Duration timeout) {
        return new RabbitSettings(brokers, deadLetterStrategy, prefetch, timeout);
    }

    private static List<URI> parse(String text) {
        List<URI> brokers = new ArrayList<>();
        for (String part : text.strip().split("\\s*,\\s*(?=amqps?://)", -1)) {
            int scheme = part.indexOf("://");
            if (scheme < 0) {
                throw new IllegalArgumentException("a RabbitMQ URI must begin with amqp:// or amqps://");
            }
            int path = part.indexOf('/', scheme + 3);
            String authority = path < 0 ? part.substring(scheme + 3) : part.substring(scheme + 3, path);
            String rest = path < 0 ? "" : part.substring(path);
            int at = authority.lastIndexOf('@');
            String before = part.substring(0, scheme + 3) + authority.substring(0, at + 1);
            for (String host : authority.substring(at + 1).split(",", -1)) {
                brokers.add(broker(before + host.strip() + ("/".equals(rest) ? "" : rest)));
            }
        }
        return brokers;
    }

    private static URI broker(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // The cause would quote the password.
            throw new IllegalArgumentException("a RabbitMQ URI is malformed: " + e.getReason()
                    + "; special characters in user, password and virtual host are percent-encoded");
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!"amqp".equals(scheme) && !"amqps".equals(scheme)) {
            throw new IllegalArgumentException(
                    "a RabbitMQ URI must begin with amqp:// or amqps://, not " + scheme + "://");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("a RabbitMQ URI has no valid host");
        }
        return uri;
    }

    /** Host and port of a broker: the part of its URI without secrets. */
    static String shown(URI broker) {
        return broker.getHost() + (broker.getPort() < 0 ? "" : ":" + broker.getPort());
    }

    /** A factory without automatic recovery, which {@link RabbitConnection} implements itself. */
    ConnectionFactory factory(URI broker) {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(broker);
            if ("amqps".equalsIgnoreCase(broker.getScheme())) {
                // By default the client trusts any certificate.
                factory.useSslProtocol(SSLContext.getDefault());
                factory.enableHostnameVerification();
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS to RabbitMQ at " + shown(broker) + " cannot be set up", e);
        }
        factory.setExceptionHandler(new Failures());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setConnectionTimeout((int) CONNECT_TIMEOUT.toMillis());
        factory.setHandshakeTimeout((int) CONNECT_TIMEOUT.toMillis());
        factory.setChannelRpcTimeout((int) RPC_TIMEOUT.toMillis());
        factory.setRequestedHeartbeat((int) HEARTBEAT.toSeconds());
        return factory;
    }

    /** {@link RabbitConnection} reports broken connections, once and with the host name. */
    private static final class Failures extends DefaultExceptionHandler {
        @Override
        public void handleUnexpectedConnectionDriverException(Connection connection, Throwable exception) {
            LOG.debug("RabbitMQ connection broken", exception);
        }
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return "RabbitSettings" + brokers.stream().map(RabbitSettings::shown).toList() + " " + deadLetterStrategy.text()
                + ", prefetch " + prefetch;
    }
}
