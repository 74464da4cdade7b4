package dev.rung.observability;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.flow.PaymentsListener;
import dev.rung.web.Caller;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events to subscribers as server-sent events, best effort: a slow reader is disconnected when its queue is full. Thread-safe.
 */
public final class StreamHub implements FlowListener, PaymentsListener, AutoCloseable {
    private static final int SUBSCRIPTIONS_MAX = 100;
    private static final int QUEUE_MAX = 2_000;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final byte[] COMMENT = ": heartbeat\n\n".getBytes(StandardCharsets.US_ASCII);

    /** Ends a stream. */
    private static final StreamEvent END = new StreamEvent("end", null, new byte[0]);

    private final InstantSource clock;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Others others;
    private volatile boolean closed;

    public StreamHub(InstantSource clock) {
        this.clock = clock;
    }

    /** The other servers of the cluster, with their own subscribers. */
    public interface Others {
        /** Whether another server has subscribers. Cheap. */
        boolean listen();

        /** Publishes an event to them. Does not block. */
        void publish(StreamEvent event);

        /** Announces that this server has subscribers. Does not block. */
        void ask();
    }

    /** Connects the other servers. */
    public void connect(Others others) {
        this.others = others;
    }

    @Override
    public void on(FlowEvent event) {
        publish(event, StreamEvent::of);
    }

    @Override
    public void on(PaymentsEvent event) {
        publish(event, StreamEvent::of);
    }

    private <E> void publish(E event, EventMapper<E> mapper) {
        Others otherServers = others;
        boolean othersListen = otherServers != null && otherServers.listen();
        if (subscriptions.isEmpty() && !othersListen) {
            return; // fast path: no subscribers
        }
        StreamEvent message = mapper.of(event, clock.millis());
        if (message == null) {
            return;
        }
        deliver(message);
        if (otherServers != null && othersListen) {
            otherServers.publish(message);
        }
    }

    private interface EventMapper<E> {
        @Nullable StreamEvent of(E event, long now);
    }

    /** Publishes an event of this or another server to the local subscribers. */
    public void deliver(StreamEvent message) {
        for (Subscription subscription : subscriptions) {
            subscription.offer(message);
        }
    }

    /**
     * Subscribes.
     *
     * @param reader whose key must stay valid
     * @param merchant to restrict the events to; null for all merchants
     * @return empty if there are too many subscribers
     */
    public Optional<Subscription> subscribe(Caller reader, @Nullable MerchantId merchant) {
        if (subscriptions.size() >= SUBSCRIPTIONS_MAX) {
            return Optional.empty();
        }
        Subscription subscription = new Subscription(reader, merchant);
        subscriptions.add(subscription);
        if (closed) {
            subscription.end();
        }
        Others otherServers = others;
        if (otherServers != null) {
            otherServers.ask();
        }
        return Optional.of(subscription);
    }

    /** Ends the streams of this key, which was revoked. */
    public void disconnect(String keyId) {
        disconnectUnless(reader -> !reader.id().equals(keyId));
    }

    /** Ends the streams of readers whose keys are no longer valid. */
    public void disconnectUnless(Predicate<Caller> valid) {
        for (Subscription subscription : subscriptions) {
            if (!valid.test(subscription.reader)) {
                subscription.end();
            }
        }
    }

    /** The number of subscribers. */
    public int size() {
        return subscriptions.size();
    }

    /** Ends all streams and rejects new ones. */
    @Override
    public void close() {
        closed = true;
        subscriptions.forEach(Subscription::end);
    }

    /** A subscriber. */
    public final class Subscription implements AutoCloseable {
        private final Caller reader;
        private final @Nullable MerchantId merchant;
        private final ArrayBlockingQueue<StreamEvent> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
        private volatile boolean ended;

        private Subscription(Caller reader, @Nullable MerchantId merchant) {
            this.reader = reader;
            this.merchant = merchant;
        }

        private void offer(StreamEvent message) {
            boolean wanted = merchant == null || merchant.equals(message.merchant());
            if (wanted && !queue.offer(message)) {
                end(); // the reader is too slow
            }
        }

        private void end() {
            ended = true;
            queue.clear();
            queue.offer(END);
        }

        /** Writes events until the reader disconnects, is too slow, or the server stops. */
        public void writeTo(OutputStream out) throws IOException {
            try {
                out.write(COMMENT);
                out.flush();
                while (!ended) {
                    StreamEvent message = queue.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
                    if (message == null) {
                        out.write(COMMENT);
                    } else {
                        write(out, message);
                    }
                    out.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            subscriptions.remove(this);
        }

        /** Writes this event and those queued behind it with one flush. */
        private void write(OutputStream out, StreamEvent first) throws IOException {
            for (StreamEvent message = first; message != null && !ended; message = queue.poll()) {
                message.writeTo(out);
            }
        }
    }
}
