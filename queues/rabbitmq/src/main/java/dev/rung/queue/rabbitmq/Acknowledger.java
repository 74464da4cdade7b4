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
 * <p>Acknowledging a delivery twice makes the broker close the channel, and nothing in the client says so; hence each {@link Ticket} ends once,
 * and only this thread talks. The oldest that are done go in one frame ("all up to this one"); those behind an attempt that hangs go one by one, so
 * that it does not eat up the prefetch. When the channel is gone, ending a ticket does nothing: the broker delivers again.
 */
final class Acknowledger {
    /** So long may one that is done wait for those before it, so that they can go together. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** As many at most. */
    private static final int GATHER_MAX = 64;

    private enum Ending {
        OPEN,
        DONE,
        REQUEUE
    }

    /** A delivery that is not acknowledged yet. */
    final class Ticket {
        private final long tag;
        private Ending ending = Ending.OPEN;
        private @Nullable Ticket before;
        private @Nullable Ticket after;

        private Ticket(long tag) {
            this.tag = tag;
        }

        /** It is done with. */
        void done() {
            end(this, Ending.DONE);
        }

        /** Back to the queue, flagged as redelivered. */
        void requeue() {
            end(this, Ending.REQUEUE);
        }

        boolean isOpen() {
            return isOpenTicket(this);
        }
    }

    private final Channel channel;
    private final Runnable onBroken;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Doubly linked in order of delivery. */
    private @Nullable Ticket first;

    private @Nullable Ticket last;
    private final List<Ticket> ended = new ArrayList<>();
    private long oldestEnded;
    private int open;
    private boolean closed;

    /**
     * Begins.
     *
     * @param onBroken called when acknowledging fails: the channel is of no use any more
     */
    Acknowledger(Channel channel, String name, Runnable onBroken) {
        this.channel = channel;
        this.onBroken = onBroken;
        thread = Thread.ofPlatform().daemon().name("rung-rabbitmq-" + name).start(this::run);
    }

    /** A delivery came; they come in order. */
    Ticket delivered(long tag) {
        Ticket ticket = new Ticket(tag);
        lock.lock();
        try {
            ticket.before = last;
            if (last == null) {
                first = ticket;
            } else {
                last.after = ticket;
            }
            last = ticket;
            open++;
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    private void end(Ticket ticket, Ending how) {
        lock.lock();
        try {
            if (closed || ticket.ending != Ending.OPEN) {
                return;
            }
            ticket.ending = how;
            open--;
            if (ended.isEmpty()) {
                oldestEnded = System.nanoTime();
            }
            ended.add(ticket);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Deliveries that have not ended. */
    int open() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOpenTicket(Ticket ticket) {
        lock.lock();
        try {
            return !closed && ticket.ending == Ending.OPEN;
        } finally {
            lock.unlock();
        }
    }

    /** The channel is gone, or is to be: what is done by now is still said within the time given. */
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

    /** What to say in one go. */
    private record Turn(long upTo, List<Ticket> singly) {}

    private void run() {
        try {
            for (Turn turn = take(); turn != null; turn = take()) {
                if (turn.upTo > 0) {
                    channel.basicAck(turn.upTo, true);
                }
                for (Ticket ticket : turn.singly) {
                    if (ticket.ending == Ending.DONE) {
                        channel.basicAck(ticket.tag, false);
                    } else {
                        channel.basicNack(ticket.tag, false, true);
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
                    ended.removeIf(ticket -> ticket.tag <= upTo);
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

    /** Unlinks the oldest that are done, and answers the last one's tag. */
    private long takeOldestDone() {
        long upTo = 0;
        while (first != null && first.ending == Ending.DONE) {
            upTo = first.tag;
            unlink(first);
        }
        return upTo;
    }

    private List<Ticket> takeEnded() {
        List<Ticket> taken = List.copyOf(ended);
        ended.clear();
        taken.forEach(this::unlink);
        changed.signalAll();
        return taken;
    }

    private void unlink(Ticket ticket) {
        Ticket before = ticket.before;
        Ticket after = ticket.after;
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
        ticket.before = null;
        ticket.after = null;
    }
}
