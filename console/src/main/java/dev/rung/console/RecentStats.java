package dev.rung.console;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Outcome;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of this server for the last hour, in slots of five seconds: attempts by outcome, lateness, and success by merchant. Always collected,
 * so that the console shows the past when it is opened. Thread-safe.
 */
public final class RecentStats implements FlowListener {
    static final int SLOT_MILLIS = 5_000;
    static final int SLOTS = 720;
    private static final int MERCHANTS_MAX = 5_000;
    private static final long MERCHANT_WINDOW_MILLIS = 300_000;

    private static final int OUTCOMES = Outcome.values().length;
    private static final int ACCEPTED = OUTCOMES;
    private static final int LATENESS = OUTCOMES + 1;

    private final Slot[] slots = new Slot[SLOTS];
    private final ConcurrentHashMap<MerchantId, MerchantWindow> merchants = new ConcurrentHashMap<>();

    public RecentStats() {
        Arrays.setAll(slots, i -> new Slot());
    }

    /** Counters of five seconds. */
    private static final class Slot {
        private final AtomicIntegerArray counts = new AtomicIntegerArray(LATENESS + LatenessHistogram.BUCKETS);
        private volatile long number = -1;

        /** Reuses the slot for a new number. A concurrent increment for the old number may be lost or counted here, at most once an hour. */
        void begin(long wanted) {
            if (number < wanted) {
                synchronized (this) {
                    if (number < wanted) {
                        for (int i = 0; i < counts.length(); i++) {
                            counts.set(i, 0);
                        }
                        number = wanted;
                    }
                }
            }
        }
    }

    @Override
    public void on(FlowEvent event) {
        switch (event) {
            case FlowEvent.Accepted e ->
                slot(e.notification().content().createdAt()).counts.incrementAndGet(ACCEPTED);
            case FlowEvent.Attempted e -> attempted(e.delivery().merchantId(), e.attempt());
            case FlowEvent.Superseded e -> attempted(e.delivery().merchantId(), e.attempt());
            case FlowEvent.Parked e -> {}
            case FlowEvent.Resent e -> {}
            case FlowEvent.Cancelled e -> {}
            case FlowEvent.ReceiverDeleted e -> {}
            case FlowEvent.StaleWake e -> {}
            case FlowEvent.Rearmed e -> {}
            case FlowEvent.Defect e -> {}
            case FlowEvent.StoreAvailable e -> {}
        }
    }

    private void attempted(MerchantId merchant, Attempt attempt) {
        long endedAt = attempt.startedAt() + attempt.durationMillis();
        Slot slot = slot(endedAt);
        slot.counts.incrementAndGet(attempt.outcome().code());
        slot.counts.incrementAndGet(LATENESS + LatenessHistogram.bucket(attempt.latenessMillis()));
        MerchantWindow merchantWindow = merchants.get(merchant);
        if (merchantWindow == null) {
            if (merchants.size() >= MERCHANTS_MAX) {
                merchants.values().removeIf(f -> f.endedBefore(endedAt - MERCHANT_WINDOW_MILLIS));
                if (merchants.size() >= MERCHANTS_MAX) {
                    return; // too many active merchants to track all
                }
            }
            merchantWindow = merchants.computeIfAbsent(merchant, m -> new MerchantWindow());
        }
        merchantWindow.add(endedAt, attempt.outcome());
    }

    private Slot slot(long millis) {
        long number = millis / SLOT_MILLIS;
        Slot slot = slots[(int) (number % SLOTS)];
        slot.begin(number);
        return slot;
    }

    /** The sum of the slots from the first time, inclusive, to the second, exclusive. */
    Sum sum(long from, long to) {
        Sum sum = new Sum();
        for (long number = from / SLOT_MILLIS; number < to / SLOT_MILLIS; number++) {
            Slot slot = slots[(int) (number % SLOTS)];
            if (slot.number == number) {
                for (int i = 0; i < sum.counts.length; i++) {
                    sum.counts[i] += slot.counts.get(i);
                }
            }
        }
        return sum;
    }

    /** Merchants with recent failures, most failures first. */
    List<Map.Entry<MerchantId, MerchantStats>> failing(long now, int limit) {
        return merchants.entrySet().stream()
                .map(e -> Map.entry(e.getKey(), e.getValue().at(now)))
                .filter(e -> e.getValue().failed() > 0)
                .sorted(Comparator.comparingLong((Map.Entry<MerchantId, MerchantStats> e) ->
                        -e.getValue().failed()))
                .limit(limit)
                .toList();
    }

    /** The recent statistics of a merchant. */
    MerchantStats merchant(MerchantId merchant, long now) {
        MerchantWindow merchantWindow = merchants.get(merchant);
        return merchantWindow == null ? new MerchantStats(0, 0, null) : merchantWindow.at(now);
    }

    /**
     * Attempts of a merchant in the last five to ten minutes, on this server.
     *
     * @param lastFailure outcome of the last failed attempt; null if there was none
     */
    public record MerchantStats(
            long succeeded, long failed, @Nullable Outcome lastFailure) {
        public long attempts() {
            return succeeded + failed;
        }

        /** The fraction of attempts that were acknowledged; 1 if there were none. */
        public double share() {
            return attempts() == 0 ? 1 : (double) succeeded / attempts();
        }
    }

    /** Counters of several slots, added up. */
    static final class Sum {
        private final int[] counts = new int[LATENESS + LatenessHistogram.BUCKETS];

        int of(Outcome outcome) {
            return counts[outcome.code()];
        }

        int accepted() {
            return counts[ACCEPTED];
        }

        int attempts() {
            int attempts = 0;
            for (int i = 0; i < OUTCOMES; i++) {
                attempts += counts[i];
            }
            return attempts;
        }

        /** A quantile of lateness, in milliseconds; null if there were no attempts. */
        @Nullable Double lateness(double share) {
            return LatenessHistogram.quantile(counts, LATENESS, share);
        }
    }

    /** Successes and failures of a merchant in the current and the previous window. */
    private static final class MerchantWindow {
        private long window;
        private long succeeded;
        private long failed;
        private long succeededBefore;
        private long failedBefore;
        private @Nullable Outcome lastFailure;

        synchronized void add(long at, Outcome outcome) {
            advance(at);
            if (outcome == Outcome.ACKNOWLEDGED) {
                succeeded++;
            } else {
                failed++;
                lastFailure = outcome;
            }
        }

        synchronized MerchantStats at(long now) {
            advance(now);
            return new MerchantStats(succeeded + succeededBefore, failed + failedBefore, lastFailure);
        }

        synchronized boolean endedBefore(long time) {
            return (window + 1) * MERCHANT_WINDOW_MILLIS < time;
        }

        private void advance(long at) {
            long now = at / MERCHANT_WINDOW_MILLIS;
            if (now > window) {
                boolean next = now == window + 1;
                succeededBefore = next ? succeeded : 0;
                failedBefore = next ? failed : 0;
                succeeded = 0;
                failed = 0;
                window = now;
            }
        }
    }
}
