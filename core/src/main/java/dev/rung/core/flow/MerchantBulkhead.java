package dev.rung.core.flow;

import dev.rung.core.flow.InFlightDelivery.Share;
import dev.rung.core.flow.MerchantHealth.Standing;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of one merchant, or of one channel that is queried, in {@link Bulkheads}, guarded by its lock.
 *
 * <p>The limit halves after each attempt without a response and doubles after each attempt with one. A merchant that only times out soon gets one
 * attempt at a time; one that recovers has its full limit after a few responses.
 */
final class MerchantBulkhead {
    private static final int LIMIT_AT_FIRST = 4;
    /** Limit of queries in flight at one channel. */
    private static final int CHANNEL_MAX_IN_FLIGHT = 64;
    /** A merchant that responds faster than this on average can be given more pulled deliveries than it has free slots. */
    private static final int QUICK_MILLIS = 100;
    /** The longest acceptable expected wait in memory. */
    private static final double ACCEPTABLE_WAIT_MILLIS = 200;
    /** A merchant that responds slower than this on average counts as slow. */
    private static final int SLOW_MILLIS = 1_000;
    /** An attempt in flight longer than this marks the merchant as slow. */
    private static final int HANGING_MILLIS = 500;

    final BulkheadKey key;
    /** Deliveries in memory that wait for a slot, oldest first. */
    final ArrayDeque<InFlightDelivery> waiting = new ArrayDeque<>();
    /** Attempts in flight, oldest first. */
    final LinkedHashSet<InFlightDelivery> inFlight = new LinkedHashSet<>();
    /** Deliveries are parked in the store for it, as far as this process knows. */
    boolean holding;
    /** A pull of parked deliveries is in progress. */
    boolean pulling;

    boolean paused;
    /** The merchant is in a queue for slots. */
    boolean enqueued;

    private int limit = LIMIT_AT_FIRST;
    private int limitMax;
    private boolean known;
    private boolean failing;
    private double meanMillis;
    private long succeeded;
    private long failed;

    MerchantBulkhead(BulkheadKey key) {
        this.key = key;
        this.limitMax = switch (key) {
            case BulkheadKey.OfMerchant _ -> Receiver.MAX_IN_FLIGHT_DEFAULT;
            case BulkheadKey.OfChannel _ -> CHANNEL_MAX_IN_FLIGHT;
        };
    }

    void setLimitMax(int max) {
        limitMax = max;
    }

    int limit() {
        return Math.min(limit, limitMax);
    }

    boolean hasFreeSlot() {
        return !paused && inFlight.size() < limit();
    }

    /**
     * Limit of deliveries that wait in memory: for a good merchant as many as it finishes within a short wait; for an unknown one as many as may
     * be in flight, so that a freed slot is used at once; none while the merchant hangs or fails.
     */
    int waitingMax(long now) {
        return switch (share(now)) {
            case GOOD -> Math.max(limitMax, (int) (limit() * ACCEPTABLE_WAIT_MILLIS / Math.max(1, meanMillis)));
            case UNKNOWN -> limitMax;
            case FAILING -> 0;
        };
    }

    /**
     * Limit of parked deliveries to pull now: for a fast merchant enough to use its slots until the next pull; for any other no more than can begin,
     * because a delivery that waits too long is parked again.
     */
    int pullLimit(long now) {
        if (paused || !holding || pulling) {
            return 0;
        }
        int enough = share(now) == Share.GOOD && meanMillis < QUICK_MILLIS ? 2 * limit() : limit();
        return Math.max(0, enough - inFlight.size() - waiting.size());
    }

    boolean wantsSlot() {
        return !paused && (!waiting.isEmpty() || holding && !pulling);
    }

    boolean isIdle() {
        return inFlight.isEmpty() && waiting.isEmpty() && !holding && !pulling;
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

    void ended(Outcome outcome, Duration took) {
        meanMillis += (took.toMillis() - meanMillis) / 8;
        switch (outcome) {
            case ACKNOWLEDGED -> {
                succeeded++;
                grow();
                known = true;
            }
            case DECLINED -> {
                failed++;
                grow();
            }
            case REFUSED -> failed++;
            case TIMED_OUT, UNREACHABLE -> {
                failed++;
                limit = Math.max(1, limit() / 2);
                failing = true;
                known = false;
            }
        }
    }

    private void grow() {
        limit = Math.min(limitMax, limit() * 2);
        failing = failing && limit < Math.min(limitMax, LIMIT_AT_FIRST);
    }

    MerchantHealth health(long now) {
        Standing standing = switch (share(now)) {
            case GOOD -> Standing.GOOD;
            case UNKNOWN -> Standing.UNKNOWN;
            case FAILING -> Standing.FAILING;
        };
        return new MerchantHealth(standing, inFlight.size(), limit(), waiting.size(), holding, succeeded, failed);
    }
}
