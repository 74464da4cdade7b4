package dev.rung.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list. It may have few or no items although there are more pages.
 *
 * @param nextCursor of the next page; null at the end
 */
public record Page<T>(List<T> data, @Nullable String nextCursor) {
    public Page {
        data = List.copyOf(data);
    }

    /**
     * All items of a list, with pages fetched on demand: {@code Page.all(c -> rung.notifications(filter, c))}.
     *
     * @param fetch returns the page at a cursor; null for the first
     */
    public static <T> Stream<T> all(Function<@Nullable String, Page<T>> fetch) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Pages<>(fetch), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    private static final class Pages<T> implements Iterator<T> {
        private final Function<@Nullable String, Page<T>> fetch;
        private final Deque<T> fetched = new ArrayDeque<>();
        private @Nullable String cursor;
        private boolean ended;

        Pages(Function<@Nullable String, Page<T>> fetch) {
            this.fetch = fetch;
        }

        @Override
        public boolean hasNext() {
            while (fetched.isEmpty() && !ended) {
                Page<T> page = fetch.apply(cursor);
                fetched.addAll(page.data());
                cursor = page.nextCursor();
                ended = cursor == null;
            }
            return !fetched.isEmpty();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the list has ended");
            }
            return fetched.remove();
        }
    }
}
