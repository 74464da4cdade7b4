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
 * What this server did in the last hour, counted in slots of five seconds while it happens: attempts by outcome, how late they were, how each
 * merchant fared. Thread-safe; an attempt costs a few additions whether somebody looks or not, so that whoever opens the console sees the past too.
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

    /** Five seconds. */
    private static final class Slot {
        private final AtomicIntegerArray counts = new AtomicIntegerArray(LATENESS + LatenessView.BUCKETS);
        private volatile long number = -1;

        /** Makes it the slot with this number, if it is an older one still. An increment of the older one may get lost or count here: once an hour. */
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
        slot.counts.incrementAndGet(LATENESS + LatenessView.bucket(attempt.latenessMillis()));
        MerchantWindow fortune = merchants.get(merchant);
        if (fortune == null) {
            if (merchants.size() >= MERCHANTS_MAX) {
                merchants.values().removeIf(f -> f.endedBefore(endedAt - MERCHANT_WINDOW_MILLIS));
                if (merchants.size() >= MERCHANTS_MAX) {
                    return; // that many at once: those that are known stand for the others
                }
            }
            fortune = merchants.computeIfAbsent(merchant, m -> new MerchantWindow());
        }
        fortune.add(endedAt, attempt.outcome());
    }

    private Slot slot(long millis) {
        long number = millis / SLOT_MILLIS;
        Slot slot = slots[(int) (number % SLOTS)];
        slot.begin(number);
        return slot;
    }

    /** What was counted between two times, by whole slots, the beginning included. */
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

    /** Merchants that failed lately, those with most failures first. */
    List<Map.Entry<MerchantId, Fared>> failing(long now, int limit) {
        return merchants.entrySet().stream()
                .map(e -> Map.entry(e.getKey(), e.getValue().at(now)))
                .filter(e -> e.getValue().failed() > 0)
                .sorted(Comparator.comparingLong(
                        (Map.Entry<MerchantId, Fared> e) -> -e.getValue().failed()))
                .limit(limit)
                .toList();
    }

    /** How a merchant fared lately. */
    Fared fared(MerchantId merchant, long now) {
        MerchantWindow fortune = merchants.get(merchant);
        return fortune == null ? new Fared(0, 0, null) : fortune.at(now);
    }

    /**
     * How a merchant fared in the last five to ten minutes, on this server.
     *
     * @param lastFailure how its last attempt that was not acknowledged ended; null: there was none
     */
    public record Fared(
            long succeeded, long failed, @Nullable Outcome lastFailure) {
        public long attempts() {
            return succeeded + failed;
        }

        /** The share of its attempts that was acknowledged; 1 if there were none. */
        public double share() {
            return attempts() == 0 ? 1 : (double) succeeded / attempts();
        }
    }

    /** Counts over some time. */
    static final class Sum {
        private final int[] counts = new int[LATENESS + LatenessView.BUCKETS];

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

        /** How late at most this share of the attempts were, in milliseconds; null if there were none. */
        @Nullable Double lateness(double share) {
            return LatenessView.quantile(counts, LATENESS, share);
        }
    }

    /** Successes and failures of one merchant in two windows, the present one and the one before. */
    private static final class MerchantWindow {
        private long window;
        private long succeeded;
        private long failed;
        private long succeededBefore;
        private long failedBefore;
        private @Nullable Outcome lastFailure;

        synchronized void add(long at, Outcome outcome) {
            turn(at);
            if (outcome == Outcome.ACKNOWLEDGED) {
                succeeded++;
            } else {
                failed++;
                lastFailure = outcome;
            }
        }

        synchronized Fared at(long now) {
            turn(now);
            return new Fared(succeeded + succeededBefore, failed + failedBefore, lastFailure);
        }

        synchronized boolean endedBefore(long time) {
            return (window + 1) * MERCHANT_WINDOW_MILLIS < time;
        }

        private void turn(long at) {
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
