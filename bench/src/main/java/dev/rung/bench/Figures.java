package dev.rung.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Medians and percentiles. */
final class Figures {
    private Figures() {}

    /** The percentile of sorted values, by nearest rank. */
    static double percentile(long[] values, double part) {
        if (values.length == 0) {
            return Double.NaN;
        }
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(part * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** A percentile of nanoseconds, in milliseconds. */
    static double millis(LongStream nanos, double part) {
        return percentile(nanos.toArray(), part) / 1e6;
    }
}
