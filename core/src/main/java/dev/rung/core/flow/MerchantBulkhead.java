package dev.rung.core.flow;

import dev.rung.core.flow.InFlightDelivery.Share;
import dev.rung.core.flow.MerchantHealth.Standing;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * What the bulkheads know of one merchant. Guarded by their lock.
 *
 * <p>The limit halves with each attempt that no answer came to and doubles with each that one came to: a merchant that only times
 * out is soon probed by one attempt at a time, and one that recovers is at its full bound after a handful of answers.
 */
final class MerchantBulkhead {
    private static final int LIMIT_AT_FIRST = 4;
    /** Quicker than this on average, a merchant is done with what runs before what is fetched meanwhile has waited for long. */
    private static final int QUICK_MILLIS = 100;
    /** For so long a wake may expect to wait in memory. */
    private static final double WORTH_WAITING_MILLIS = 200;
    /** Slower than this on average, a merchant counts as slow. */
    private static final int SLOW_MILLIS = 1_000;
    /** An attempt under way for so long makes one wary before its outcome is known. */
    private static final int HANGING_MILLIS = 500;

    final MerchantId id;
    /** Wakes in memory that wait for a slot, oldest first. */
    final ArrayDeque<InFlightDelivery> waiting = new ArrayDeque<>();
    /** Attempts under way, oldest first. */
    final LinkedHashSet<InFlightDelivery> inFlight = new LinkedHashSet<>();
    /** Notifications of it are parked in the store, as far as is known. */
    boolean holding;
    /** They are being taken back right now. */
    boolean pulling;

    boolean paused;
    /** It stands in line for a slot. */
    boolean inLine;

    private int limit = LIMIT_AT_FIRST;
    private int limitMax;
    private boolean known;
    private boolean failing;
    private double meanMillis;
    private long succeeded;
    private long failed;

    MerchantBulkhead(MerchantId id, int limitMax) {
        this.id = id;
        this.limitMax = limitMax;
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
     * Wakes that may wait in memory: what a good merchant is through with before it has waited for long, and for others as many as run, so that
     * a freed slot always finds one. None while it hangs or fails.
     */
    int room(long now) {
        return switch (share(now)) {
            case GOOD -> Math.max(limitMax, (int) (limit() * WORTH_WAITING_MILLIS / Math.max(1, meanMillis)));
            case UNKNOWN -> limitMax;
            case FAILING -> 0;
        };
    }

    /**
     * How many parked ones to take back now: enough to keep the slots of a quick merchant busy while the next are fetched; for any other
     * no more than can begin, for what waits long is parked again.
     */
    int appetite(long now) {
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

    /** Which slots its next attempt may use. */
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
