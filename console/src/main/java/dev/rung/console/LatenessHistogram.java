package dev.rung.console;

import org.jspecify.annotations.Nullable;

/** A histogram of lateness in milliseconds: exact below eight, then eight buckets per doubling, so that quantiles are accurate to 1/8. */
final class LatenessHistogram {
    private static final int FINE_BITS = 3;
    private static final int FINE = 1 << FINE_BITS;
    /** The last bucket holds everything above about two hours. */
    private static final int DOUBLINGS = 20;

    static final int BUCKETS = FINE + DOUBLINGS * FINE;

    private LatenessHistogram() {}

    static int bucket(long millis) {
        if (millis < FINE) {
            return (int) Math.max(0, millis);
        }
        int doubling = 63 - Long.numberOfLeadingZeros(millis) - FINE_BITS;
        int fine = (int) (millis >> doubling) - FINE;
        return Math.min(BUCKETS - 1, FINE + doubling * FINE + fine);
    }

    /** The greatest value of a bucket. */
    private static long top(int bucket) {
        if (bucket < FINE) {
            return bucket;
        }
        int doubling = (bucket - FINE) / FINE;
        long fine = FINE + (long) (bucket % FINE);
        return ((fine + 1) << doubling) - 1;
    }

    /**
     * A quantile; null if all counts are 0.
     *
     * @param from index of the first bucket in the counts
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
