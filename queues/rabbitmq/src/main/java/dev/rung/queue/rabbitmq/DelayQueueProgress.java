package dev.rung.queue.rabbitmq;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far each queue of delays has come, as seen from here: the newest expiry among what arrived from it. Thread-safe.
 *
 * <p>A queue lets go in order, so a wake that expired before the newest arrival is not in it any more. Where arrivals are rare that tells little,
 * hence marks: as long as a wake of ours is in a queue, a mark follows every second, and its arrival says that all before it have passed. When marks that
 * should have come out have not, the queue is late.
 */
final class DelayQueueProgress {
    /**
     * A queue may be empty and hold back for all that: with at-least-once dead-lettering what expired waits elsewhere in the broker, uncounted, for
     * the queue of due wakes to confirm. As long as there is such a backlog, arrivals do not cease.
     */
    private static final long STILL_ARRIVING_NANOS = Duration.ofSeconds(2).toNanos();
    /** Marks are a second apart; after a longer pause a new row begins. */
    private static final long ROW_GAP_MILLIS = 5_000;
    /** Other servers take their share of the marks, so that a few may be missing here and nothing is late. */
    private static final long MISSING_MILLIS = 5_000;

    private static final long SLOW_MILLIS = 2_000;
    /** So long after the last of a row should have come out, it says nothing any more. */
    private static final long ROW_OVER_MILLIS = 60_000;

    private static final class Delay {
        private volatile long newestExpiry = Long.MIN_VALUE;
        private volatile long arrivedNanos;
        private volatile boolean arrived;
        /** Until then a wake of ours is in there, epoch milliseconds. */
        private volatile long ours;
        /** When the first of a row of marks was sent, and the last, epoch milliseconds. */
        private volatile long rowFrom = Long.MAX_VALUE / 2;

        private volatile long rowTo = Long.MIN_VALUE / 2;
    }

    private final Map<Integer, Delay> delays = new ConcurrentHashMap<>();

    private Delay delay(int millis) {
        return delays.computeIfAbsent(millis, key -> new Delay());
    }

    /** A wake or a mark came out of this queue. */
    void arrived(int delay, long sentAt) {
        Delay state = delay(delay);
        long expiry = sentAt + delay;
        // Two threads may race here; the newest seen is a hint, and the next arrival mends it.
        if (expiry > state.newestExpiry) {
            state.newestExpiry = expiry;
        }
        state.arrivedNanos = System.nanoTime();
        state.arrived = true;
    }

    /** A wake goes into this queue, or was found there. */
    void entered(int delay, long now) {
        delay(delay).ours = now + delay;
    }

    /** The queues that a mark should follow into. */
    List<Integer> toMark(long now) {
        return delays.entrySet().stream()
                .filter(each -> each.getValue().ours >= now)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether what this queue let go until then has all arrived, as far as arrivals tell. */
    boolean hasPassed(int delay, long expiry) {
        return delay(delay).newestExpiry >= expiry;
    }

    /** A mark is in this queue. Called by one thread at a time. */
    void marked(int delay, long sentAt) {
        Delay state = delay(delay);
        if (sentAt - state.rowTo > ROW_GAP_MILLIS) {
            state.rowFrom = sentAt;
        }
        state.rowTo = sentAt;
    }

    /** The broker may be another one, or have forgotten: marks on their way say nothing any more. */
    void startOver() {
        delays.values().forEach(state -> {
            state.rowFrom = Long.MAX_VALUE / 2;
            state.rowTo = Long.MIN_VALUE / 2;
        });
    }

    /**
     * Whether marks should have come out of this queue for some time and have not: it holds back what expired. A queue of which nothing
     * is known is not late; most hold only what has its time to come.
     */
    boolean isLate(int delay, long now) {
        Delay state = delay(delay);
        long newest = Math.min(state.rowTo + delay, now - SLOW_MILLIS) - MISSING_MILLIS;
        return newest >= state.rowFrom + delay
                && state.newestExpiry < newest
                && now - (state.rowTo + delay) < ROW_OVER_MILLIS;
    }

    boolean isStillArriving(int delay) {
        Delay state = delay(delay);
        return state.arrived && System.nanoTime() - state.arrivedNanos < STILL_ARRIVING_NANOS;
    }
}
