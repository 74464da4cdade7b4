package dev.rung.console;

import org.jspecify.annotations.Nullable;

/** Buckets for latenesses in milliseconds: exact up to eight, then eight to each doubling, so that a quantile is right within an eighth. */
final class LatenessView {
    private static final int FINE_BITS = 3;
    private static final int FINE = 1 << FINE_BITS;
    /** Beyond a little more than two hours all is one. */
    private static final int DOUBLINGS = 20;

    static final int BUCKETS = FINE + DOUBLINGS * FINE;

    private LatenessView() {}

    static int bucket(long millis) {
        if (millis < FINE) {
            return (int) Math.max(0, millis);
        }
        int doubling = 63 - Long.numberOfLeadingZeros(millis) - FINE_BITS;
        int fine = (int) (millis >> doubling) - FINE;
        return Math.min(BUCKETS - 1, FINE + doubling * FINE + fine);
    }

    /** The greatest value that falls into a bucket. */
    private static long top(int bucket) {
        if (bucket < FINE) {
            return bucket;
        }
        int doubling = (bucket - FINE) / FINE;
        long fine = FINE + (long) (bucket % FINE);
        return ((fine + 1) << doubling) - 1;
    }

    /**
     * The value that this share of all do not exceed; null if there are none.
     *
     * @param from where the buckets begin in the counts
     */
    static @Nullable Double quantile(int[] counts, int from, double share) {
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all += counts[from + i];
        }
        if (all == 0) {
            return null;
        }
        long wanted = (long) Math.ceil(all * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts[from + i];
            if (seen >= wanted) {
                return (double) top(i);
            }
        }
        return (double) top(BUCKETS - 1);
    }
}
