package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.rung.queue.rabbitmq.Publication.FailureKind;
import dev.rung.queue.rabbitmq.Publication.OutgoingMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes in order with publisher confirms; the number of unconfirmed messages is bounded. Thread-safe; {@link #publish} does not block.
 *
 * <p>Nothing is published twice: messages unconfirmed when the connection is lost end as {@link FailureKind#UNKNOWN}. Messages that cannot be
 * queued (no connection, a resource alarm of the broker, too many waiting) end immediately as {@link FailureKind#NOT_TAKEN}, so memory is bounded.
 */
final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    /** Maximum unconfirmed messages: enough to keep the broker busy although it batches confirms by disk flush. */
    private static final int UNCONFIRMED_MAX = 4_096;
    /** Maximum publications waiting for the window. */
    private static final int WAITING_MAX = 50_000;

    private static final int BATCH = 256;

    private record Waiting(Publication publication, long deadline) {}

    /** Called when the broker returned a message as unroutable: a binding or queue is missing. */
    interface OnReturn {
        void returned(String exchange, String reply);
    }

    /** Deadline of unsent publications; longer than for sent ones, to allow for bursts and a slow broker. */
    private static final int PATIENCE_FACTOR = 3;

    private final long timeoutNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final ConfirmWindow window = new ConfirmWindow(UNCONFIRMED_MAX);
    private @Nullable Channel channel;
    private boolean blocked;
    private boolean silent;
    private boolean closed;
    private Runnable onBroken = () -> {};

    final LongAdder published = new LongAdder();
    final LongAdder unconfirmed = new LongAdder();
    final LongAdder returned = new LongAdder();

    Publisher(String name, Duration confirmTimeout) {
        timeoutNanos = confirmTimeout.toNanos();
        Thread.ofPlatform().daemon().name("rung-rabbitmq-" + name).start(this::run);
    }

    /**
     * Starts publishing on this connection.
     *
     * @param onBroken called when publishing fails; the connection is unusable then
     */
    void up(Connection connection, OnReturn onReturn, Runnable onBroken) throws IOException {
        Channel fresh = connection.createChannel();
        if (fresh == null) {
            throw new IOException("no channel is left on the connection");
        }
        fresh.addShutdownListener(cause -> onBroken.run());
        connection.addBlockedListener(new BlockedListener() {
            @Override
            public void handleBlocked(String reason) {
                setBlocked(fresh, true);
            }

            @Override
            public void handleUnblocked() {
                setBlocked(fresh, false);
            }
        });
        fresh.addConfirmListener(
                (number, multiple) -> confirmed(fresh, number, multiple),
                (number, multiple) -> end(taken(fresh, number, multiple), FailureKind.NOT_TAKEN));
        fresh.addReturnListener(returnMessage -> {
            returned.increment();
            end(returned(fresh, returnMessage.getBody()), FailureKind.NOT_TAKEN);
            onReturn.returned(returnMessage.getExchange(), returnMessage.getReplyText());
        });
        fresh.confirmSelect();
        lock.lock();
        try {
            this.onBroken = onBroken;
            channel = fresh;
            blocked = false;
            silent = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is closed. */
    void down() {
        List<Publication> unknown;
        List<Publication> never = new ArrayList<>();
        lock.lock();
        try {
            channel = null;
            unknown = window.reset();
            waiting.forEach(each -> never.add(each.publication));
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        end(unknown, FailureKind.UNKNOWN);
        end(never, FailureKind.NOT_TAKEN);
    }

    /** Whether publications are currently sent. */
    boolean isReady() {
        lock.lock();
        try {
            return channel != null && !blocked && !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether confirms have timed out and none has arrived since. */
    boolean isSilent() {
        lock.lock();
        try {
            return silent;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the broker has blocked publishers because of a memory or disk alarm. */
    boolean isBlocked() {
        lock.lock();
        try {
            return blocked;
        } finally {
            lock.unlock();
        }
    }

    /** Publishes in this order. */
    void publish(List<? extends Publication> publications) {
        List<Publication> refused = new ArrayList<>(0);
        long deadline = System.nanoTime() + PATIENCE_FACTOR * timeoutNanos;
        lock.lock();
        try {
            boolean open = channel != null && !blocked && !closed;
            for (Publication publication : publications) {
                if (open && waiting.size() < WAITING_MAX) {
                    waiting.add(new Waiting(publication, deadline));
                } else {
                    refused.add(publication);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        end(refused, FailureKind.NOT_TAKEN);
    }

    /** Ends publications past their deadline. Called periodically. */
    void expire() {
        long now = System.nanoTime();
        List<Publication> unknown;
        List<Publication> never = new ArrayList<>(0);
        lock.lock();
        try {
            unknown = window.expired(now);
            silent |= !unknown.isEmpty();
            while (!waiting.isEmpty() && waiting.peek().deadline - now <= 0) {
                never.add(waiting.remove().publication);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        end(unknown, FailureKind.UNKNOWN);
        end(never, FailureKind.NOT_TAKEN);
    }

    /** Waits until nothing is waiting or unconfirmed, at most this long. */
    void settle(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (left > 0 && channel != null && !(waiting.isEmpty() && window.isEmpty())) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        down();
    }

    private void run() {
        List<OutgoingMessage> batch = new ArrayList<>(BATCH);
        Channel to = take(batch);
        while (to != null) {
            try {
                for (OutgoingMessage message : batch) {
                    to.basicPublish(message.exchange(), message.key(), true, message.properties(), message.body());
                }
                published.add(batch.size());
            } catch (IOException | AlreadyClosedException e) {
                // The unconfirmed publications end when RabbitConnection reports that the connection is down.
                broken(to);
            } catch (RuntimeException e) {
                LOG.error("Publishing to RabbitMQ failed unexpectedly; reconnecting", e);
                broken(to);
            }
            batch.clear();
            to = take(batch);
        }
    }

    private void broken(Channel on) {
        Runnable tell;
        lock.lock();
        try {
            if (!isCurrent(on)) {
                return;
            }
            channel = null;
            tell = onBroken;
        } finally {
            lock.unlock();
        }
        tell.run();
    }

    /** Waits for the next publication and adds it to the window; null when closed. */
    private @Nullable Channel take(List<OutgoingMessage> batch) {
        lock.lock();
        try {
            while (!closed) {
                Channel to = channel;
                int room = Math.min(BATCH, window.room());
                if (to != null && !blocked && room > 0 && !waiting.isEmpty()) {
                    long deadline = System.nanoTime() + timeoutNanos;
                    for (int i = 0; i < room && !waiting.isEmpty(); i++) {
                        Waiting each = waiting.remove();
                        OutgoingMessage message = each.publication.message();
                        window.add(each.publication, message, deadline);
                        batch.add(message);
                    }
                    return to;
                }
                changed.await();
            }
            return null;
        } catch (InterruptedException e) {
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Ignores callbacks from a replaced channel. */
    @SuppressWarnings("ReferenceEquality") // compares identity
    private boolean isCurrent(Channel on) {
        return channel == on;
    }

    private void setBlocked(Channel on, boolean is) {
        lock.lock();
        try {
            if (isCurrent(on)) {
                blocked = is;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void confirmed(Channel on, long number, boolean multiple) {
        for (Publication publication : taken(on, number, multiple)) {
            publication.confirmed();
        }
    }

    private List<Publication> taken(Channel on, long number, boolean multiple) {
        lock.lock();
        try {
            if (!isCurrent(on)) {
                return List.of();
            }
            List<Publication> taken = window.confirm(number, multiple);
            silent = false;
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private List<Publication> returned(Channel on, byte[] body) {
        lock.lock();
        try {
            return isCurrent(on) ? window.returned(body) : List.of();
        } finally {
            lock.unlock();
        }
    }

    private void end(List<Publication> publications, FailureKind failure) {
        unconfirmed.add(publications.size());
        for (Publication publication : publications) {
            publication.unconfirmed(failure);
        }
    }
}
