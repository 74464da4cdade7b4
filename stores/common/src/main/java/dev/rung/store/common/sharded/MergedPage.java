package dev.rung.store.common.sharded;

import dev.rung.payments.port.PaymentStore.Page;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Merges pages of a descending list. A page that has a cursor may be short, because the number of rows read for it is bounded: it is complete only down
 * to its cursor. So the merged page ends at the highest cursor.
 */
final class MergedPage {
    private MergedPage() {}

    /**
     * @param position of an item
     * @param positionOf of a cursor, in the order of the list
     * @param cursorOf the cursor that continues after an item
     */
    static <T, C, P extends Comparable<? super P>> Page<T, C> of(
            List<Page<T, C>> pages,
            int limit,
            Function<T, P> position,
            Function<C, P> positionOf,
            Function<T, C> cursorOf) {
        @Nullable C end = pages.stream()
                .map(Page::next)
                .filter(Objects::nonNull)
                .max(Comparator.comparing(positionOf))
                .orElse(null);
        List<T> complete = pages.stream()
                .flatMap(page -> page.items().stream())
                .filter(item -> end == null || position.apply(item).compareTo(positionOf.apply(end)) >= 0)
                .sorted(Comparator.comparing(position).reversed())
                .toList();
        if (complete.size() <= limit) {
            return new Page<>(complete, end);
        }
        List<T> full = List.copyOf(complete.subList(0, limit));
        return new Page<>(full, cursorOf.apply(full.getLast()));
    }
}
