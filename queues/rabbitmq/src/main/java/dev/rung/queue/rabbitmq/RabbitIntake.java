package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.rung.core.port.Submission;
import dev.rung.core.port.SubmissionSource;
import dev.rung.queue.rabbitmq.Acknowledger.PendingAck;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifications submitted over AMQP: the consumer of {@value RabbitTopology#INTAKE}. Thread-safe.
 *
 * <p>A submission is acknowledged once its handler has committed it. An invalid one is published to {@value RabbitTopology#REJECTED} with
 * the reason in the header {@value #ERROR_HEADER} and acknowledged after the confirm. One that cannot be accepted now is kept and retried
 * with growing pauses; the prefetch limits the number of such submissions and so pauses the consumer. Nothing is dropped.
 */
public final class RabbitIntake implements SubmissionSource {
    /** Maximum submissions committed concurrently: enough for full batches in the store. */
    public static final int PREFETCH = 1_000;

    public static final String ERROR_HEADER = "rung-error";
    /** The original routing key, for publishing a corrected submission again. */
    public static final String KEY_HEADER = "rung-routing-key";
    /** When the submission was rejected, in milliseconds since 1970. */
    public static final String TIME_HEADER = "rung-rejected-at";

    private static final String TRACE_HEADER = "traceparent";
    private static final Logger LOG = LoggerFactory.getLogger(RabbitIntake.class);
    private static final int ERROR_CHARS_MAX = 1_000;
    private static final int UNDER_WAY_MAX = 1 << 20;
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration FLUSH = Duration.ofMillis(300);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    /** RabbitMQ closes a channel whose deliveries are unacknowledged for 30 minutes. */
    private static final long KEPT_NANOS = Duration.ofMinutes(20).toNanos();

    /** What happened since the process began. */
    public record Counts(long accepted, long rejected, long triedAgain) {}

    private final RabbitConnection link;
    private final Handler handler;
    private final Publisher publisher;
    private final RetryBuffer<Message> retries;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rung-rabbitmq-intake-tick").factory());
    private @Nullable Acknowledger acknowledger;
    private @Nullable Channel channel;
    private @Nullable String consumerTag;
    private @Nullable ConsumerWatchdog watchdog;
    private final Semaphore permits = new Semaphore(UNDER_WAY_MAX);

    private RabbitIntake(RabbitSettings settings, Handler handler) {
        this.handler = handler;
        publisher = new Publisher("intake-publisher", settings.confirmTimeout());
        link = new RabbitConnection("intake", settings, new ConnectionListener());
        retries = new RetryBuffer<>(this::handle);
    }

    /** An intake that is not connected yet: {@link #start} begins to. */
    public static RabbitIntake open(RabbitSettings settings, Handler handler) {
        return new RabbitIntake(settings, handler);
    }

    @Override
    public void start() {
        var _ = ticks.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        link.start();
    }

    private void tick() {
        try {
            publisher.expire();
            retries.runDue();
        } catch (RuntimeException e) {
            LOG.error("Retrying submissions failed; retrying at the next turn", e);
        }
    }

    @Override
    public boolean isConnected() {
        return link.isUp();
    }

    /** Why no submissions are accepted, as a sentence; empty if they are. */
    public Optional<String> problem() {
        return link.problem();
    }

    public Counts counts() {
        return new Counts(accepted.sum(), rejected.sum(), retries.count());
    }

    @SuppressWarnings("ArrayRecordComponent") // passed to the handler, never compared
    private record Message(
            Envelope envelope, AMQP.BasicProperties properties, byte[] body, PendingAck pendingAck, long arrivedNanos) {
        Submission submission() {
            return new Submission(
                    envelope.getRoutingKey(),
                    properties.getMessageId(),
                    properties.getContentEncoding(),
                    traceparent(properties),
                    body);
        }
    }

    /** The header {@value #TRACE_HEADER}; null if there is none. */
    static @Nullable String traceparent(AMQP.BasicProperties properties) {
        Object value =
                properties.getHeaders() == null ? null : properties.getHeaders().get(TRACE_HEADER);
        return value == null ? null : value.toString();
    }

    private void handle(Message message) {
        if (!message.pendingAck.isOpen()) {
            return; // its connection is closed: the broker redelivers it
        }
        CompletionStage<Verdict> verdict;
        permits.acquireUninterruptibly();
        try {
            verdict = handler.handle(message.submission());
        } catch (RuntimeException e) {
            failed(message, e);
            return;
        }
        var _ = verdict.whenComplete((result, failure) -> {
            if (failure != null) {
                failed(message, failure);
            } else {
                conclude(message, result);
            }
        });
    }

    private void failed(Message message, Throwable failure) {
        LOG.warn("A submission could not be handled; it will be retried", failure);
        conclude(message, new Verdict.TryLater());
    }

    private void conclude(Message message, Verdict verdict) {
        permits.release();
        switch (verdict) {
            case Verdict.Accepted() -> {
                accepted.increment();
                retries.succeeded();
                message.pendingAck.done();
            }
            case Verdict.Invalid(String reason) -> publisher.publish(List.of(new Rejection(message, reason)));
            case Verdict.TryLater() -> later(message);
        }
    }

    private void later(Message message) {
        if (System.nanoTime() - message.arrivedNanos > KEPT_NANOS) {
            message.pendingAck.requeue();
        } else {
            retries.add(message);
        }
    }

    private final class Rejection implements Publication {
        private final Message message;
        private final String reason;

        Rejection(Message message, String reason) {
            this.message = message;
            this.reason = reason;
        }

        @Override
        public OutgoingMessage message() {
            return new OutgoingMessage("", RabbitTopology.REJECTED, rejectedProperties(message, reason), message.body);
        }

        @Override
        public void confirmed() {
            rejected.increment();
            message.pendingAck.done();
        }

        /** A duplicate in the queue is better than a lost submission. */
        @Override
        public void unconfirmed(FailureKind failure) {
            later(message);
        }
    }

    /**
     * The producer's properties without expiration, user id and headers set by the broker, which would expire the message or make the
     * broker reject it.
     */
    private static AMQP.BasicProperties rejectedProperties(Message message, String reason) {
        Map<String, Object> headers = new HashMap<>();
        if (message.properties.getHeaders() != null) {
            message.properties.getHeaders().forEach((name, value) -> {
                if (!brokersOwn(name)) {
                    headers.put(name, value);
                }
            });
        }
        headers.put(ERROR_HEADER, reason.substring(0, Math.min(reason.length(), ERROR_CHARS_MAX)));
        headers.put(KEY_HEADER, message.envelope.getRoutingKey());
        headers.put(TIME_HEADER, System.currentTimeMillis());
        return message.properties
                .builder()
                .headers(headers)
                .deliveryMode(2)
                .expiration(null)
                .userId(null)
                .build();
    }

    /** Headers added by RabbitMQ, and CC and BCC, which would send copies of the rejected message to other queues. */
    private static boolean brokersOwn(String header) {
        return switch (header) {
            case "CC", "BCC", "x-death", "x-delivery-count", "x-acquired-count" -> true;
            default -> header.startsWith("x-first-death-") || header.startsWith("x-last-death-");
        };
    }

    private final class ConnectionListener implements RabbitConnection.ConnectionListener {
        @Override
        public void up(Connection connection) throws IOException, TimeoutException {
            RabbitTopology.declareIntake(connection);
            publisher.up(
                    connection,
                    (exchange, reply) -> link.restart("RabbitMQ returned a rejected submission: " + reply),
                    () -> link.restart("publishing failed"));
            Channel consuming =
                    Objects.requireNonNull(connection.createChannel(), "no channel is left on a new connection");
            consuming.addShutdownListener(cause -> link.restart("the channel was closed: " + cause.getMessage()));
            Acknowledger fresh = new Acknowledger(consuming, "intake-ack", () -> link.restart("acknowledging failed"));
            acknowledger = fresh;
            channel = consuming;
            watchdog = new ConsumerWatchdog(RabbitTopology.INTAKE, connection);
            consuming.basicQos(PREFETCH);
            consumerTag = consuming.basicConsume(RabbitTopology.INTAKE, false, new DefaultConsumer(consuming) {
                @Override
                public void handleDelivery(
                        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                    handle(new Message(
                            envelope, properties, body, fresh.delivered(envelope.getDeliveryTag()), System.nanoTime()));
                }

                @Override
                public void handleCancel(String tag) {
                    link.restart("RabbitMQ cancelled the consumer of " + RabbitTopology.INTAKE);
                }
            });
        }

        @Override
        public void check(Connection connection) throws IOException {
            ConsumerWatchdog now = watchdog;
            if (consumerTag != null && now != null && now.isLost()) {
                link.restart("RabbitMQ has lost the consumer of " + RabbitTopology.INTAKE);
            }
        }

        @Override
        public void down() {
            watchdog = null;
            Acknowledger gone = acknowledger;
            acknowledger = null;
            channel = null;
            consumerTag = null;
            if (gone != null) {
                gone.close(FLUSH);
            }
            retries.clear();
            publisher.down();
        }
    }

    @Override
    public void close() {
        link.executeNow(
                connection -> {
                    if (channel != null && consumerTag != null) {
                        channel.basicCancel(consumerTag);
                        consumerTag = null;
                    }
                },
                CLOSE_TIMEOUT);
        try {
            if (!permits.tryAcquire(UNDER_WAY_MAX, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("Submissions are still being committed; RabbitMQ will redeliver them");
            }
            publisher.settle(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ticks.shutdownNow();
        link.close();
        publisher.close();
    }
}
