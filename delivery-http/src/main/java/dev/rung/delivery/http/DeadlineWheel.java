package dev.rung.delivery.http;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts attempts that are still running at their deadline. Thread-safe.
 *
 * <p>Tens of thousands of attempts start and end within a second, and few reach their deadline. So this is a
 * timer wheel of linked lists: adding and removing takes a short lock with little contention, and one thread visits the list that is due. An
 * entry expires at its deadline or up to two ticks later, never earlier.
 */
final class DeadlineWheel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadlineWheel.class);
    private static final long TICK_NANOS = 20_000_000;

    private final long startedAt = System.nanoTime();
    private final Slot[] slots;
    private final Runnable onTick;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param nanosMax the longest time of an entry
     * @param onTick called at every tick, about fifty times a second
     */
    DeadlineWheel(long nanosMax, Runnable onTick) {
        this.slots = new Slot[ticks(nanosMax) + 2];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot();
        }
        this.onTick = onTick;
        this.thread = Thread.ofPlatform().daemon().name("rung-deadlines").start(this::turn);
    }

    /** Something with a deadline. It is added to a wheel at most once. */
    abstract static class Entry {
        private volatile @Nullable Slot slot;
        private long tick;
        private @Nullable Entry previous;
        private @Nullable Entry next;

        /** Called at the deadline. Must return quickly. */
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

        /** An entry that is due: after a pause of the machine the list may also hold entries that are due a turn later. */
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

    /** One more tick, because the current one has already begun. */
    private static int ticks(long nanos) {
        return (int) Math.ceilDiv(nanos, TICK_NANOS) + 1;
    }

    /** Adds an entry that has so much time from now on. */
    void add(Entry entry, long nanos) {
        long tick = tickAt(System.nanoTime()) + ticks(nanos);
        slot(tick).add(entry, tick);
        if (closed) {
            expire(slot(tick), Long.MAX_VALUE);
        }
    }

    /** Removes an entry before its deadline. */
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

    /** Catches every exception of a turn: without this thread no attempt would ever time out. */
    private void turn(long tick) {
        try {
            expire(slot(tick), tick);
            onTick.run();
        } catch (RuntimeException e) {
            LOG.error("A turn of the deadline wheel failed; it continues with the next", e);
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

    /** Expires everything in the wheel and everything added later. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        for (Slot slot : slots) {
            expire(slot, Long.MAX_VALUE);
        }
    }
}
