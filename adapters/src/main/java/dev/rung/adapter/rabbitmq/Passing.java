package dev.rung.adapter.rabbitmq;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far each queue of delays has come, as seen from here: the newest expiry among what arrived from it. Thread-safe.
 *
 * <p>A queue lets go in order, so a wake that expired before the newest arrival is not in it any more. Where arrivals are rare that tells little,
 * hence marks: as long as a wake of ours is in a queue, a mark follows every second, and its arrival says that all before it have passed.
 */
final class Passing {
    /**
     * A queue may be empty and hold back for all that: with at-least-once dead-lettering what expired waits elsewhere in the broker, uncounted, for
     * the queue of due wakes to confirm. As long as there is such a backlog, arrivals do not cease.
     */
    private static final long STILL_ARRIVING_NANOS = Duration.ofSeconds(2).toNanos();

    private static final class Delay {
        private volatile long newestExpiry = Long.MIN_VALUE;
        private volatile long arrivedNanos;
        private volatile boolean arrived;
        /** Until then a wake of ours is in there, epoch milliseconds. */
        private volatile long ours;
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

    boolean isStillArriving(int delay) {
        Delay state = delay(delay);
        return state.arrived && System.nanoTime() - state.arrivedNanos < STILL_ARRIVING_NANOS;
    }
}
