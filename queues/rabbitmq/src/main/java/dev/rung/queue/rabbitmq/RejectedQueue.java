package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.rung.core.model.Ids;
import dev.rung.core.model.RejectedId;
import dev.rung.core.port.RejectedSubmissions;
import dev.rung.core.port.Submission;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The queue {@value RabbitTopology#REJECTED}. It stays the only place of a rejected submission: a visit gets the messages one by one, acknowledges
 * the removed one, and returns the others to the queue when its channel closes. Thread-safe.
 *
 * <p>A visit holds all messages that it has seen, so another visit meanwhile would find the queue empty. An exclusive queue serves as a lock
 * between servers: the broker deletes it with the connection of its owner.
 */
final class RejectedQueue implements RejectedSubmissions {
    private static final int VISITED_MAX = 5_000;

    private static final String LOCK = RabbitTopology.REJECTED + ".lock";
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LOCK_POLL = Duration.ofMillis(50);
    private static final int RESOURCE_LOCKED = 405;

    private final RabbitSettings settings;
    private final ReentrantLock turn = new ReentrantLock(true);

    RejectedQueue(RabbitSettings settings) {
        this.settings = settings;
    }

    @Override
    public void visit(Visitor visitor) {
        try {
            if (!turn.tryLock(LOCK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw inUse(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw inUse(e);
        }
        try (Connection connection = connect()) {
            lock(connection);
            Channel channel = channel(connection);
            visit(channel, visitor);
            if (channel.isOpen()) {
                channel.close(); // the broker has processed the acknowledgement when this returns
            }
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            throw unreachable(e);
        } finally {
            turn.unlock();
        }
    }

    private static void visit(Channel channel, Visitor visitor) throws IOException {
        for (int i = 0; i < VISITED_MAX; i++) {
            GetResponse response;
            try {
                response = channel.basicGet(RabbitTopology.REJECTED, false);
            } catch (IOException e) {
                if (RabbitTopology.isNotFound(e)) {
                    return; // not declared yet: intake has never been connected
                }
                throw e;
            }
            if (response == null) {
                return;
            }
            switch (visitor.visit(rejected(response))) {
                case CONTINUE -> {}
                case STOP -> {
                    return;
                }
                case REMOVE -> {
                    channel.basicAck(response.getEnvelope().getDeliveryTag(), false);
                    return;
                }
            }
        }
    }

    @Override
    public Optional<Long> count() {
        try (Connection connection = connect()) {
            return Optional.of((long) channel(connection)
                    .queueDeclarePassive(RabbitTopology.REJECTED)
                    .getMessageCount());
        } catch (IOException e) {
            return RabbitTopology.isNotFound(e) ? Optional.of(0L) : Optional.empty();
        } catch (ShutdownSignalException | UnavailableException e) {
            return Optional.empty();
        }
    }

    private static void lock(Connection connection) throws IOException {
        long deadline = System.nanoTime() + LOCK_TIMEOUT.toNanos();
        while (true) {
            try {
                channel(connection).queueDeclare(LOCK, false, true, true, null);
                return;
            } catch (IOException e) {
                if (RabbitTopology.replyCode(e) != RESOURCE_LOCKED) {
                    throw e;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw inUse(e);
                }
                LockSupport.parkNanos(LOCK_POLL.toNanos());
            }
        }
    }

    private static Channel channel(Connection connection) throws IOException {
        return Objects.requireNonNull(connection.createChannel(), "no channel is left on the connection");
    }

    private Connection connect() {
        Exception last = null;
        for (URI broker : settings.brokers()) {
            try {
                return settings.factory(broker).newConnection("rung rejected submissions");
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                last = e;
            }
        }
        throw unreachable(last);
    }

    private static UnavailableException unreachable(@Nullable Exception cause) {
        return new UnavailableException("RabbitMQ cannot be reached", cause);
    }

    private static UnavailableException inUse(@Nullable Exception cause) {
        return new UnavailableException("another request is reading the rejected submissions", cause);
    }

    private static Rejected rejected(GetResponse response) {
        AMQP.BasicProperties properties = response.getProps();
        Map<String, Object> headers = properties.getHeaders() == null ? Map.of() : properties.getHeaders();
        Death death = Death.of(headers);
        Object key = headers.get(RabbitIntake.KEY_HEADER);
        Submission submission = new Submission(
                key != null ? key.toString() : death != null ? death.routingKey() : "",
                properties.getMessageId(),
                properties.getContentEncoding(),
                RabbitIntake.traceparent(properties),
                response.getBody());
        Long time = headers.get(RabbitIntake.TIME_HEADER) instanceof Long millis
                ? millis
                : death == null ? null : death.millis();
        Object reason = headers.get(RabbitIntake.ERROR_HEADER);
        return new Rejected(id(time, submission), time, reason != null ? reason.toString() : moved(death), submission);
    }

    private static String moved(@Nullable Death death) {
        return death == null
                ? "it was published to this queue directly"
                : "RabbitMQ delivered it to servers too often without an acknowledgement";
    }

    /** The time and a checksum of the content: the same at every visit, although the broker gives messages no ids. */
    private static RejectedId id(@Nullable Long millis, Submission submission) {
        CRC32C checksum = new CRC32C();
        checksum.update(
                (submission.routingKey() + '\n' + submission.messageId() + '\n').getBytes(StandardCharsets.UTF_8));
        checksum.update(submission.body());
        long content = checksum.getValue();
        return new RejectedId(millis == null ? content : Ids.first(millis) | content & Ids.span(1) - 1);
    }

    /** What RabbitMQ says of a message that it dead-lettered: one that exceeded the delivery limit of the intake queue. */
    private record Death(long millis, String routingKey) {
        @SuppressWarnings("JavaUtilDate") // the type of times in the client's headers
        static @Nullable Death of(Map<String, Object> headers) {
            if (headers.get("x-death") instanceof List<?> deaths
                    && !deaths.isEmpty()
                    && deaths.getFirst() instanceof Map<?, ?> latest
                    && latest.get("time") instanceof Date time) {
                return new Death(
                        time.getTime(),
                        latest.get("routing-keys") instanceof List<?> keys && !keys.isEmpty()
                                ? String.valueOf(keys.getFirst())
                                : "");
            }
            return null;
        }
    }
}
