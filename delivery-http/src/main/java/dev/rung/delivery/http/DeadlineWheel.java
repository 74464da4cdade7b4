package dev.rung.delivery.http;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what is still under way at its deadline. Thread-safe.
 *
 * <p>Every attempt has the same time, tens of thousands begin and end within a second, and hardly one is still there at its
 * deadline: so a wheel of linked lists, where coming and going costs a short lock that few share, and one thread that looks at the
 * list whose turn it is. An entry is ended at its deadline or up to two ticks later, never earlier.
 */
final class DeadlineWheel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadlineWheel.class);
    private static final long TICK_NANOS = 20_000_000;

    private final long startedAt = System.nanoTime();
    private final int ticksToDeadline;
    private final Slot[] slots;
    private final Runnable onTick;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param deadlineNanos how long each entry has
     * @param onTick called at every tick, some fifty times a second
     */
    DeadlineWheel(long deadlineNanos, Runnable onTick) {
        // One tick more, because the present one has begun already.
        this.ticksToDeadline = (int) Math.ceilDiv(deadlineNanos, TICK_NANOS) + 1;
        this.slots = new Slot[ticksToDeadline + 2];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot();
        }
        this.onTick = onTick;
        this.thread = Thread.ofPlatform().daemon().name("rung-deadlines").start(this::turn);
    }

    /** What has a deadline. It is in a wheel at most once in its life. */
    abstract static class Entry {
        private volatile @Nullable Slot slot;
        private long tick;
        private @Nullable Entry previous;
        private @Nullable Entry next;

        /** The deadline has come. Must return quickly. */
        abstract void expire();
    }

    /** A list of entries that expire together; its fields and its entries' links are guarded by its lock. */
    private static final class Slot {
        private @Nullable Entry first;

        synchronized void add(Entry entry, long tick) {
            entry.slot = this;
            entry.tick = tick;
            entry.next = first;
            if (first != null) {
                first.previous = entry;
            }
            first = entry;
        }

        synchronized void remove(Entry entry) {
            if (entry.slot == null) {
                return;
            }
            entry.slot = null;
            if (entry.previous == null) {
                first = entry.next;
            } else {
                entry.previous.next = entry.next;
            }
            if (entry.next != null) {
                entry.next.previous = entry.previous;
            }
            entry.previous = null;
            entry.next = null;
        }

        /** One whose turn has come: after a pause of the machine there may be others, too, that are due a turn later. */
        synchronized @Nullable Entry takeDue(long tick) {
            for (Entry entry = first; entry != null; entry = entry.next) {
                if (entry.tick <= tick) {
                    remove(entry);
                    return entry;
                }
            }
            return null;
        }
    }

    /** Begins an entry's time. */
    void add(Entry entry) {
        long tick = tickAt(System.nanoTime()) + ticksToDeadline;
        slot(tick).add(entry, tick);
        if (closed) {
            expire(slot(tick), Long.MAX_VALUE);
        }
    }

    /** Its time does not matter any more. */
    void remove(Entry entry) {
        Slot slot = entry.slot;
        if (slot != null) {
            slot.remove(entry);
        }
    }

    private Slot slot(long tick) {
        return slots[(int) (tick % slots.length)];
    }

    private long tickAt(long nanoTime) {
        return (nanoTime - startedAt) / TICK_NANOS;
    }

    private void turn() {
        long tick = 0;
        while (!closed) {
            long wait = startedAt + tick * TICK_NANOS - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            } else {
                turn(tick);
                tick++;
            }
        }
    }

    /** Whatever one turn meets, the next one comes: with this thread gone no attempt would ever time out. */
    private void turn(long tick) {
        try {
            expire(slot(tick), tick);
            onTick.run();
        } catch (RuntimeException e) {
            LOG.error("a turn of the wheel of deadlines failed; the next one comes", e);
        }
    }

    private static void expire(Slot slot, long tick) {
        for (Entry entry = slot.takeDue(tick); entry != null; entry = slot.takeDue(tick)) {
            entry.expire();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends everything that is still under way, and whatever may yet come. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        for (Slot slot : slots) {
            expire(slot, Long.MAX_VALUE);
        }
    }
}
