package dev.rung.store.common;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Fills a page of search results, newest first: scans a bounded number of entries of one index and checks the rest of the filter row by
 * row.
 */
public final class IndexScan {
    private IndexScan() {}

    /** Reads the next ids of an index. */
    public interface Index {
        /** In descending order, below this id. */
        List<Long> entries(long below, int most);
    }

    /** The rest of the filter. */
    public interface Filter<T> {
        /** The matching rows of these ids, newest first. */
        List<T> matching(List<Long> ids, int most);
    }

    /**
     * A page of results.
     *
     * @param next continue below this id; null: end of the results
     */
    public record Found<T>(List<T> items, @Nullable Long next) {}

    /**
     * Scans until the page is full, the index ends, or {@code scanMax} entries were read.
     *
     * @param strideMax entries read by one statement
     * @param from start below this id; null: start with the newest
     */
    public static <T> Found<T> page(
            int scanMax,
            int strideMax,
            @Nullable Long from,
            int limit,
            Index index,
            Filter<T> filter,
            ToLongFunction<T> id) {
        List<T> items = new ArrayList<>();
        long below = from == null ? Long.MAX_VALUE : from;
        int walked = 0;
        // Most pages are full after a few entries; pages of a rare event type need more.
        int stride = Math.min(Math.min(scanMax, strideMax), 2 * limit + 50);
        while (true) {
            List<Long> entries = index.entries(below, stride);
            items.addAll(filter.matching(entries, limit + 1 - items.size()));
            if (items.size() > limit) {
                List<T> full = List.copyOf(items.subList(0, limit));
                return new Found<>(full, id.applyAsLong(full.getLast()));
            }
            if (entries.size() < stride) {
                return new Found<>(items, null);
            }
            below = entries.getLast();
            walked += stride;
            if (walked >= scanMax) {
                return new Found<>(items, below);
            }
            stride = Math.min(Math.min(4 * stride, strideMax), scanMax - walked);
        }
    }
}
