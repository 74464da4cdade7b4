package dev.rung.core.flow;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.HoldReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the next attempt to a receiver may begin: spaced by its configured rate, and, after it has answered "too many requests", by a pace learned
 * from what it took. Guarded by the lock of {@link Bulkheads}. Times are epoch milliseconds, paces attempts a second.
 *
 * <p>The first throttled answer of a period sets the pace: to what the receiver has answered in the time including the wait that it asks for, or,
 * if it took the former pace for longer than that wait, to nine tenths of it. From then on the pace grows, slowly at first, as long as the receiver
 * answers, until it is throttled again or so great that it no longer matters.
 */
final class ReceiverPace {
    private static final double UNLIMITED = Double.POSITIVE_INFINITY;
    /** A learned pace above this is forgotten. */
    private static final double PACE_MAX = 5_000;

    private static final double PACE_MIN = 1.0 / 60;
    /** Growth in the first second after a throttle; later seconds add more. */
    private static final double GROWTH = 0.01;

    private static final double GROWTH_DOUBLES_SQUARED = 300;
    /** One answer is evidence for so many seconds of growth. */
    private static final int SECONDS_PER_ANSWER = 5;

    private static final double DECREASE = 0.9;
    private static final long SILENT_WAIT_MILLIS = 1_000;
    private static final long SILENT_WAIT_MILLIS_MAX = 60_000;
    private static final int SILENT_MAX = 7;
    /** An attempt that begins late by no more than this does not delay those after it. */
    private static final double LATE_MILLIS = 5;
    /** Requests do not arrive as evenly as they are sent: without a margin more than the rate could arrive in one second. */
    private static final double MARGIN = 1.05;

    private static final long BUCKET_MILLIS = 1_000;
    /** What was answered longer ago says nothing about the pace. */
    private static final long BUCKETS_MILLIS_MAX = 3_000;

    private double rate = UNLIMITED;
    private double learned = UNLIMITED;
    private double nextByRate = Double.NEGATIVE_INFINITY;
    private double nextByPace = Double.NEGATIVE_INFINITY;
    /** When the latest period of throttling began. */
    private long throttledAt = Long.MIN_VALUE;

    private long throttledUntil = Long.MIN_VALUE;
    /** Periods in a row that began with an answer without {@code Retry-After}. */
    private int silent;

    private int answeredSinceThrottle;
    private long bucketStart;
    private int bucket;
    private long previousStart;
    private int previous;

    /** @param limit attempts a second of this process; null: no limit */
    void setRate(@Nullable Double limit) {
        rate = limit == null ? UNLIMITED : limit;
    }

    /**
     * Whether an attempt may begin now.
     *
     * @param urgent a user's attempt waits for the rate alone
     */
    boolean mayStart(long now, boolean urgent) {
        return now >= earliest(urgent);
    }

    /** When the next attempt may begin. */
    long nextStart(long now, boolean urgent) {
        return (long) Math.ceil(Math.max(earliest(urgent), (double) now));
    }

    private double earliest(boolean urgent) {
        return urgent ? nextByRate : Math.max((double) throttledUntil, Math.max(nextByRate, nextByPace));
    }

    /** How many attempts may begin within that time. */
    int startsWithin(long now, long millis) {
        double left = now + millis - Math.max(earliest(false), (double) now);
        if (left < 0) {
            return 0;
        }
        double interval = Math.max(interval(rate), interval(pace(now)));
        return interval == 0 ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, 1 + left / interval);
    }

    /** An attempt began. */
    void started(long now, boolean urgent) {
        nextByRate = next(nextByRate, interval(rate), now);
        if (!urgent) {
            nextByPace = next(nextByPace, interval(pace(now)), now);
        }
    }

    private static double next(double due, double interval, long now) {
        double late = now - due;
        return interval == 0 ? due : (late <= LATE_MILLIS ? due : now) + interval;
    }

    private static double interval(double perSecond) {
        return perSecond == UNLIMITED ? 0 : MARGIN * 1_000 / perSecond;
    }

    /** The receiver answered, and did not ask to wait. */
    void answered(long startedAt, long now) {
        if (startedAt >= throttledUntil) {
            silent = 0;
        }
        answeredSinceThrottle++;
        if (now - bucketStart >= BUCKET_MILLIS) {
            boolean adjacent = now - bucketStart < 2 * BUCKET_MILLIS;
            previous = adjacent ? bucket : 0;
            previousStart = adjacent ? bucketStart : now;
            bucketStart = now;
            bucket = 0;
        }
        bucket++;
    }

    /**
     * The receiver asked to wait.
     *
     * @param startedAt when the attempt began
     * @param asked by {@code Retry-After}; null if it gave no time
     * @return the time until the receiver is tried again
     */
    Duration throttled(long startedAt, long now, @Nullable Duration asked) {
        // What was in flight when the receiver first asked says nothing new.
        boolean isFirst = startedAt > throttledAt;
        if (asked != null) {
            silent = 0;
        } else if (isFirst || silent == 0) {
            silent = Math.min(silent + 1, SILENT_MAX);
        }
        long wait = asked == null
                ? Math.min(SILENT_WAIT_MILLIS << (silent - 1), SILENT_WAIT_MILLIS_MAX)
                : Math.min(asked.toMillis(), Delivery.RETRY_AFTER_MAX.toMillis());
        if (isFirst) {
            if (now >= throttledUntil) {
                learn(now, wait);
            }
            throttledAt = now;
        }
        throttledUntil = Math.max(throttledUntil, now + wait);
        return Duration.ofMillis(wait);
    }

    private void learn(long now, long wait) {
        double floor = Math.max(PACE_MIN, 1_000.0 / wait);
        double pace = pace(now);
        if (pace == UNLIMITED) {
            boolean both = previous > 0 && now - bucketStart < BUCKET_MILLIS;
            long span = now - (both ? previousStart : bucketStart);
            int count = both ? previous + bucket : bucket;
            learned = Math.max(floor, span > BUCKETS_MILLIS_MAX ? 0 : count * 1_000.0 / (span + wait));
        } else {
            long survived = now - throttledUntil;
            double measured = answeredSinceThrottle * 1_000.0 / (survived + wait);
            // A receiver that refuses the first attempt says nothing about the pace.
            boolean isMeasured = answeredSinceThrottle > 0 && survived < wait;
            learned = Math.max(floor, isMeasured ? Math.min(pace * DECREASE, measured) : pace * DECREASE);
        }
        answeredSinceThrottle = 0;
    }

    /** The learned pace as it has grown since. */
    private double pace(long now) {
        if (learned == UNLIMITED || now <= throttledUntil) {
            return learned;
        }
        double seconds =
                Math.min((now - throttledUntil) / 1_000.0, (double) SECONDS_PER_ANSWER * answeredSinceThrottle);
        double grown = learned * Math.exp(GROWTH * seconds * (1 + seconds * seconds / GROWTH_DOUBLES_SQUARED));
        if (grown > PACE_MAX) {
            learned = UNLIMITED;
            return UNLIMITED;
        }
        return grown;
    }

    /** Another process learned that the receiver asks to wait. */
    void throttledElsewhere(long until) {
        throttledUntil = Math.max(throttledUntil, until);
    }

    /** When the receiver may be tried again; in the past if it did not ask to wait. */
    long throttledUntil() {
        return throttledUntil;
    }

    /** Whether the receiver asked to wait, or attempts are still spaced because it did. */
    boolean isThrottled(long now) {
        return now < throttledUntil || pace(now) != UNLIMITED;
    }

    /** Why an attempt may not begin now. */
    HoldReason reason(long now) {
        return now < throttledUntil || pace(now) < rate ? HoldReason.THROTTLE : HoldReason.RATE;
    }
}
