package dev.rung.observability;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.flow.PaymentsListener;
import dev.rung.web.ApiResponse;
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
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever listens what happens, as server-sent events, best effort: nobody waits for a slow reader, who is disconnected when
 * its queue is full. Thread-safe.
 */
public final class StreamHub implements FlowListener, PaymentsListener, AutoCloseable {
    private static final int SUBSCRIPTIONS_MAX = 100;
    private static final int QUEUE_MAX = 2_000;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final byte[] COMMENT = ": still here\n\n".getBytes(StandardCharsets.US_ASCII);

    /** Wakes a stream that is to end. */
    private static final StreamEvent END = new StreamEvent("end", null, new byte[0]);

    private final InstantSource clock;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Others others;
    private volatile boolean closed;

    public StreamHub(InstantSource clock) {
        this.clock = clock;
    }

    /** The other servers, which have listeners of their own. */
    public interface Others {
        /** Whether any of them wants to know. Costs nothing. */
        boolean listen();

        /** Tells them. Does not block. */
        void tell(StreamEvent event);

        /** Lets them know that somebody here wants to know. Does not block. */
        void ask();
    }

    /** From now on they are told, and asked. */
    public void connect(Others others) {
        this.others = others;
    }

    @Override
    public void on(FlowEvent event) {
        tell(event, StreamEvent::of);
    }

    @Override
    public void on(PaymentsEvent event) {
        tell(event, StreamEvent::of);
    }

    private <E> void tell(E event, Telling<E> telling) {
        Others elsewhere = others;
        boolean wantedElsewhere = elsewhere != null && elsewhere.listen();
        if (subscriptions.isEmpty() && !wantedElsewhere) {
            return; // the common case costs nothing
        }
        StreamEvent message = telling.of(event, clock.millis());
        if (message == null) {
            return;
        }
        deliver(message);
        if (elsewhere != null && wantedElsewhere) {
            elsewhere.tell(message);
        }
    }

    private interface Telling<E> {
        @Nullable StreamEvent of(E event, long now);
    }

    /** Something happened, here or on another server. */
    public void deliver(StreamEvent message) {
        for (Subscription subscription : subscriptions) {
            subscription.offer(message);
        }
    }

    /**
     * Begins to listen.
     *
     * @param merchant whose events alone; null: everybody's
     * @return empty if too many listen already
     */
    public Optional<Subscription> subscribe(@Nullable MerchantId merchant) {
        if (subscriptions.size() >= SUBSCRIPTIONS_MAX) {
            return Optional.empty();
        }
        Subscription subscription = new Subscription(merchant);
        subscriptions.add(subscription);
        if (closed) {
            subscription.end();
        }
        Others elsewhere = others;
        if (elsewhere != null) {
            elsewhere.ask();
        }
        return Optional.of(subscription);
    }

    /** Ends the streams of those who see this merchant alone: a key of it was ended. */
    public void disconnect(MerchantId merchant) {
        for (Subscription subscription : subscriptions) {
            if (merchant.equals(subscription.merchant)) {
                subscription.end();
            }
        }
    }

    /** How many listen. */
    public int size() {
        return subscriptions.size();
    }

    /** Ends every stream; no new one begins. */
    @Override
    public void close() {
        closed = true;
        subscriptions.forEach(Subscription::end);
    }

    /** One who listens. */
    public final class Subscription implements ApiResponse.Body {
        private final @Nullable MerchantId merchant;
        private final ArrayBlockingQueue<StreamEvent> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
        private volatile boolean ended;

        private Subscription(@Nullable MerchantId merchant) {
            this.merchant = merchant;
        }

        private void offer(StreamEvent message) {
            boolean wanted = merchant == null || merchant.equals(message.merchant());
            if (wanted && !queue.offer(message)) {
                end(); // it reads more slowly than things happen
            }
        }

        private void end() {
            ended = true;
            queue.clear();
            queue.offer(END);
        }

        /** Writes what happens until the reader leaves, is too slow, or the server stops. */
        @Override
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

        /** This one and what has gathered behind it, so that a busy stream is not flushed line by line. */
        private void write(OutputStream out, StreamEvent first) throws IOException {
            for (StreamEvent message = first; message != null && !ended; message = queue.poll()) {
                message.writeTo(out);
            }
        }
    }
}
