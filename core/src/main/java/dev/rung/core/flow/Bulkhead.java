package dev.rung.core.flow;

import dev.rung.core.flow.InFlightDelivery.Share;
import dev.rung.core.flow.ReceiverHealth.Standing;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of one receiver, or of one channel that is queried, in {@link Bulkheads}, guarded by its lock.
 *
 * <p>The limit halves after each attempt without a response and doubles after each attempt with one. A merchant that only times out soon gets one
 * attempt at a time; one that recovers has its full limit after a few responses.
 */
final class Bulkhead {
    private static final int LIMIT_AT_FIRST = 4;
    /** Limit of queries in flight at one channel. */
    private static final int CHANNEL_MAX_IN_FLIGHT = 64;
    /** A merchant that responds faster than this on average can be given more unparked deliveries than it has free slots. */
    private static final int QUICK_MILLIS = 100;
    /** The longest acceptable expected wait in memory. */
    private static final double ACCEPTABLE_WAIT_MILLIS = 200;
    /** A merchant that responds slower than this on average counts as slow. */
    private static final int SLOW_MILLIS = 1_000;
    /** What may begin within this time is worth waiting for in memory. */
    private static final long PACED_WAIT_MILLIS = 400;
    /** The weight of the latest attempt in the shares of recent ones. */
    private static final double RECENT = 1.0 / 8;

    private static final double MOST = 0.5;
    private static final long ANNOUNCED_AGAIN_MILLIS = 250;
    /** An attempt in flight longer than this marks the merchant as slow. */
    private static final int HANGING_MILLIS = 500;

    final BulkheadKey key;
    /** Deliveries in memory that wait for a slot, oldest first. */
    final ArrayDeque<InFlightDelivery> waiting = new ArrayDeque<>();
    /** Attempts in flight, oldest first. */
    final LinkedHashSet<InFlightDelivery> inFlight = new LinkedHashSet<>();
    /** Deliveries are parked in the store for it, as far as this process knows. */
    boolean holding;
    /** Parked deliveries are being unparked. */
    boolean unparking;

    boolean paused;
    /** The merchant is in a queue for slots. */
    boolean enqueued;

    private int limit = LIMIT_AT_FIRST;
    private int limitMax;
    private boolean known;
    private boolean failing;
    private double meanMillis;
    /** Attempts that ended; only whether there are any matters. */
    private boolean attempted;
    /** Shares of recent attempts, the newer the more weight. */
    private double acknowledgedShare;

    private double answeredShare;
    /** When the timer fires that serves it; 0: none runs. */
    long timerAt;

    final ReceiverPace pace = new ReceiverPace();
    private @Nullable Double rate;
    /** The end of a wait that other servers know of. */
    private long announced;

    Bulkhead(BulkheadKey key) {
        this.key = key;
        this.limitMax = switch (key) {
            case BulkheadKey.OfReceiver _ -> Receiver.MAX_IN_FLIGHT_DEFAULT;
            case BulkheadKey.OfChannel _ -> CHANNEL_MAX_IN_FLIGHT;
        };
    }

    void setLimitMax(int max) {
        limitMax = max;
    }

    /**
     * Sets the rate of the receiver, in attempts a second of all servers.
     *
     * @param perSecond null: no limit
     */
    void setRate(@Nullable Double perSecond, int servers) {
        rate = perSecond;
        setServers(servers);
    }

    /** This process takes its share of the rate. */
    void setServers(int servers) {
        pace.setRate(rate == null ? null : rate / servers);
    }

    /** The end of the present wait, if it is not nearly what was announced before; else null. */
    @Nullable Long announceThrottle() {
        long until = pace.throttledUntil();
        if (until - announced < ANNOUNCED_AGAIN_MILLIS) {
            return null;
        }
        announced = until;
        return until;
    }

    int limit() {
        return Math.min(limit, limitMax);
    }

    /** Whether another attempt may be in flight. */
    boolean hasFreeSlot() {
        return !paused && inFlight.size() < limit();
    }

    /** Whether an attempt may begin now. */
    boolean mayBegin(long now) {
        return hasFreeSlot() && pace.mayStart(now, false);
    }

    /** Whether a user's attempt may begin now, which waits for no throttle and no adapted limit. */
    boolean mayBeginUrgently(long now) {
        return !paused && inFlight.size() < limitMax && pace.mayStart(now, true);
    }

    /** Why a delivery cannot begin now. */
    HoldReason holdReason(long now) {
        if (paused) {
            return HoldReason.PAUSE;
        }
        return pace.mayStart(now, false) ? HoldReason.BULKHEAD : pace.reason(now);
    }

    /**
     * Limit of deliveries that wait in memory: for a good merchant as many as it finishes within a short wait; for an unknown one as many as may
     * be in flight, so that a freed slot is used at once; none while the merchant hangs or fails.
     */
    int waitingMax(long now) {
        int byShare = switch (share(now)) {
            case GOOD -> Math.max(limitMax, (int) (limit() * ACCEPTABLE_WAIT_MILLIS / Math.max(1, meanMillis)));
            case UNKNOWN -> limitMax;
            case FAILING -> 0;
        };
        return Math.min(byShare, pace.startsWithin(now, PACED_WAIT_MILLIS));
    }

    /**
     * Limit of parked deliveries to unpark now: for a fast merchant enough to use its slots until the next time; for any other no more than can begin,
     * because a delivery that waits too long is parked again.
     */
    int unparkLimit(long now) {
        if (paused || !holding || unparking) {
            return 0;
        }
        int enough = share(now) == Share.GOOD && meanMillis < QUICK_MILLIS ? 2 * limit() : limit();
        int room = enough - inFlight.size() - waiting.size();
        return Math.max(0, Math.min(room, pace.startsWithin(now, PACED_WAIT_MILLIS) - waiting.size()));
    }

    boolean wantsSlot() {
        return !paused && (!waiting.isEmpty() || holding && !unparking);
    }

    boolean isIdle() {
        return inFlight.isEmpty() && waiting.isEmpty() && !holding && !unparking;
    }

    /** The share of slots for its next attempt. */
    Share share(long now) {
        if (failing || meanMillis > SLOW_MILLIS || isHanging(now)) {
            return Share.FAILING;
        }
        return known ? Share.GOOD : Share.UNKNOWN;
    }

    private boolean isHanging(long now) {
        @Nullable InFlightDelivery oldest = inFlight.isEmpty() ? null : inFlight.getFirst();
        return oldest != null && now - oldest.startedAt > HANGING_MILLIS;
    }

    /**
     * An attempt ended.
     *
     * @param retryAfter that the receiver asked for; null if none
     * @return for a throttled one, the time until the receiver is tried again; else null
     */
    @Nullable Duration ended(InFlightDelivery attempt, Outcome outcome, Duration took, long now, @Nullable Duration retryAfter) {
        if (outcome == Outcome.THROTTLED) {
            limit = 1;
            return pace.throttled(attempt.startedAt, now, retryAfter);
        }
        meanMillis += (took.toMillis() - meanMillis) / 8;
        boolean answered = outcome == Outcome.ACKNOWLEDGED || outcome == Outcome.DECLINED;
        if (answered) {
            pace.answered(attempt.startedAt, now);
        }
        count(outcome == Outcome.ACKNOWLEDGED, answered || outcome == Outcome.REFUSED);
        switch (outcome) {
            case ACKNOWLEDGED -> {
                grow();
                known = true;
            }
            case DECLINED -> grow();
            case REFUSED, THROTTLED -> {}
            case TIMED_OUT, UNREACHABLE -> {
                limit = Math.max(1, limit() / 2);
                failing = true;
                known = false;
            }
        }
        return null;
    }

    private void count(boolean acknowledged, boolean answered) {
        double weight = attempted ? RECENT : 1;
        attempted = true;
        acknowledgedShare += ((acknowledged ? 1 : 0) - acknowledgedShare) * weight;
        answeredShare += ((answered ? 1 : 0) - answeredShare) * weight;
    }

    private void grow() {
        limit = Math.min(limitMax, limit() * 2);
        failing = failing && limit < Math.min(limitMax, LIMIT_AT_FIRST);
    }

    ReceiverHealth health(long now) {
        return new ReceiverHealth(
                standing(now), inFlight.size(), limit(), waiting.size(), attempted ? acknowledgedShare : null);
    }

    private Standing standing(long now) {
        if (pace.isThrottled(now)) {
            return Standing.THROTTLED;
        }
        if (!attempted) {
            return Standing.UNKNOWN;
        }
        if (answeredShare < MOST) {
            return Standing.NOT_ANSWERING;
        }
        if (acknowledgedShare < MOST) {
            return Standing.FAILING;
        }
        return meanMillis > SLOW_MILLIS ? Standing.SLOW : Standing.GOOD;
    }
}
