package dev.rung.store.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Fills a page of a search, newest first: walks one index, a bounded number of its entries, and has the rest of the filter checked row by row. */
final class IndexWalk {
    private IndexWalk() {}

    /** The ids that an index has next. */
    interface Index {
        /** Descending, below this one. */
        List<Long> entries(long below, int most);
    }

    /** What else is asked of a row. */
    interface Filter<T> {
        /** Of these ids, those that match, newest first. */
        List<T> matching(List<Long> ids, int most);
    }

    /**
     * A page.
     *
     * @param next go on below this; null: the end is reached
     */
    record Found<T>(List<T> items, @Nullable Long next) {}

    /**
     * Walks until the page is full, the index ends, or {@code scanMax} entries were looked at.
     *
     * @param from go on below this; null: begin with the newest
     */
    static <T> Found<T> page(
            int scanMax, @Nullable Long from, int limit, Index index, Filter<T> filter, ToLongFunction<T> id) {
        List<T> items = new ArrayList<>();
        long below = from == null ? Long.MAX_VALUE : from;
        int walked = 0;
        // Most pages are full after a few entries; those of a rare event type are not.
        int stride = Math.min(scanMax, 2 * limit + 50);
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
            stride = Math.min(4 * stride, scanMax - walked);
        }
    }
}
