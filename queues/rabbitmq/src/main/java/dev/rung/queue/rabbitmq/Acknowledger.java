package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledges the deliveries of one channel, in batches, by one thread. Thread-safe.
 *
 * <p>The broker closes the channel if a delivery is acknowledged twice, and the client does not report it; so each {@link PendingAck} ends
 * once, and only this thread acknowledges. The oldest ended deliveries are acknowledged by one frame with {@code multiple} set; those
 * behind a hanging attempt are acknowledged singly, so that it does not use up the prefetch. Once the channel is closed, ending a pending acknowledgement
 * has no effect: the broker redelivers.
 */
final class Acknowledger {
    /** How long an ended delivery waits for earlier ones, so that one frame acknowledges all. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** Maximum number of ended deliveries that wait. */
    private static final int GATHER_MAX = 64;

    private enum Ending {
        OPEN,
        DONE,
        REQUEUE
    }

    /** An unacknowledged delivery. */
    final class PendingAck {
        private final long tag;
        private Ending ending = Ending.OPEN;
        private @Nullable PendingAck before;
        private @Nullable PendingAck after;

        private PendingAck(long tag) {
            this.tag = tag;
        }

        /** Acknowledges it. */
        void done() {
            end(this, Ending.DONE);
        }

        /** Returns it to the queue, flagged as redelivered. */
        void requeue() {
            end(this, Ending.REQUEUE);
        }

        boolean isOpen() {
            return isOpenAck(this);
        }
    }

    private final Channel channel;
    private final Runnable onBroken;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Doubly linked list in delivery order. */
    private @Nullable PendingAck first;

    private @Nullable PendingAck last;
    private final List<PendingAck> ended = new ArrayList<>();
    private long oldestEnded;
    private int open;
    private boolean closed;

    /**
     * Starts the thread.
     *
     * @param onBroken called when acknowledging fails; the channel is unusable then
     */
    Acknowledger(Channel channel, String name, Runnable onBroken) {
        this.channel = channel;
        this.onBroken = onBroken;
        thread = Thread.ofPlatform().daemon().name("rung-rabbitmq-" + name).start(this::run);
    }

    /** Adds a delivery; called in delivery order. */
    PendingAck delivered(long tag) {
        PendingAck pendingAck = new PendingAck(tag);
        lock.lock();
        try {
            pendingAck.before = last;
            if (last == null) {
                first = pendingAck;
            } else {
                last.after = pendingAck;
            }
            last = pendingAck;
            open++;
            return pendingAck;
        } finally {
            lock.unlock();
        }
    }

    private void end(PendingAck pendingAck, Ending how) {
        lock.lock();
        try {
            if (closed || pendingAck.ending != Ending.OPEN) {
                return;
            }
            pendingAck.ending = how;
            open--;
            if (ended.isEmpty()) {
                oldestEnded = System.nanoTime();
            }
            ended.add(pendingAck);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Number of deliveries that have not ended. */
    int open() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOpenAck(PendingAck pendingAck) {
        lock.lock();
        try {
            return !closed && pendingAck.ending == Ending.OPEN;
        } finally {
            lock.unlock();
        }
    }

    /** Stops. Deliveries that have ended are still acknowledged, within the given time. */
    void close(Duration atMost) {
        try {
            finish(atMost.toNanos());
            if (Thread.currentThread() != thread) {
                thread.join(atMost);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(long atMostNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = atMostNanos;
            while (left > 0 && !ended.isEmpty() && channel.isOpen()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            closed = true;
            changed.signalAll();
            lock.unlock();
        }
    }

    /** The acknowledgements of one turn. */
    private record Turn(long upTo, List<PendingAck> singly) {}

    private void run() {
        try {
            for (Turn turn = take(); turn != null; turn = take()) {
                if (turn.upTo > 0) {
                    channel.basicAck(turn.upTo, true);
                }
                for (PendingAck pendingAck : turn.singly) {
                    if (pendingAck.ending == Ending.DONE) {
                        channel.basicAck(pendingAck.tag, false);
                    } else {
                        channel.basicNack(pendingAck.tag, false, true);
                    }
                }
            }
        } catch (IOException | AlreadyClosedException e) {
            onBroken.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Turn take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long upTo = takeOldestDone();
                if (upTo > 0) {
                    ended.removeIf(pendingAck -> pendingAck.tag <= upTo);
                    changed.signalAll();
                    return new Turn(upTo, List.of());
                }
                if (!ended.isEmpty()) {
                    long left = GATHER_NANOS - (System.nanoTime() - oldestEnded);
                    if (left <= 0 || ended.size() >= GATHER_MAX) {
                        return new Turn(0, takeEnded());
                    }
                    changed.awaitNanos(left);
                } else {
                    changed.await();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Unlinks the oldest ended deliveries; returns the last one's delivery tag. */
    private long takeOldestDone() {
        long upTo = 0;
        while (first != null && first.ending == Ending.DONE) {
            upTo = first.tag;
            unlink(first);
        }
        return upTo;
    }

    private List<PendingAck> takeEnded() {
        List<PendingAck> taken = List.copyOf(ended);
        ended.clear();
        taken.forEach(this::unlink);
        changed.signalAll();
        return taken;
    }

    private void unlink(PendingAck pendingAck) {
        PendingAck before = pendingAck.before;
        PendingAck after = pendingAck.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        pendingAck.before = null;
        pendingAck.after = null;
    }
}
