package dev.rung.core.memory;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.EventId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The records and their indexes. Not thread-safe: guarded by its store. A row's location, due time or mark changes only
 * within {@link #change}, which maintains the indexes.
 */
final class Table {
    private static final Comparator<Due> DUE_ORDER =
            Comparator.comparingLong(Due::at).thenComparingLong(Due::id);

    private final NavigableMap<NotificationId, Row> rows = new TreeMap<>();
    private final Map<WakeLocation, NavigableMap<Due, Row>> places = new EnumMap<>(WakeLocation.class);
    private final NavigableMap<BulkheadKey, NavigableMap<Due, Row>> held = new TreeMap<>();
    private final Map<Order, NavigableSet<Long>> marks = new HashMap<>();
    private StoreObserver observer = StoreObserver.NONE;
    private long position;

    private record Due(long at, long id) {}

    private record Order(ReceiverId receiver, @Nullable String orderNo) {}

    Table() {
        for (WakeLocation wakeLocation : WakeLocation.values()) {
            places.put(wakeLocation, new TreeMap<>(DUE_ORDER));
        }
    }

    void watch(StoreObserver observer) {
        this.observer = observer;
    }

    void insert(NewNotification accepted) {
        Row row = new Row(accepted, ++position);
        rows.put(row.id(), row);
        index(row);
        observer.inserted(row.detail());
    }

    void delete(Row row) {
        unindex(row);
        rows.remove(row.id());
        observer.deleted(row.detail(), List.copyOf(row.attempts));
    }

    /** An attempt that changes nothing else. */
    void record(Row row, Attempt attempt) {
        row.attempts.add(attempt);
        observer.recorded(row.detail(), attempt);
    }

    @Nullable Row find(NotificationId id) {
        return rows.get(id);
    }

    <T> T change(String method, Row row, Supplier<T> change) {
        NotificationDetail before = row.detail();
        unindex(row);
        T answer;
        try {
            answer = change.get();
        } finally {
            index(row);
        }
        observer.changed(method, before, row.detail());
        return answer;
    }

    /** In id order. */
    Stream<Row> all() {
        return rows.values().stream();
    }

    /** The notifications of the event whose first one this is, without that. */
    Stream<Row> also(NotificationId first) {
        return all().filter(
                        row -> EventId.of(first).equals(row.accepted.content().event()));
    }

    NavigableMap<NotificationId, Row> byId() {
        return rows;
    }

    Stream<Row> at(WakeLocation wakeLocation) {
        return places.get(wakeLocation).values().stream();
    }

    Stream<Row> queued(@Nullable Wake after, long dueUntil) {
        NavigableMap<Due, Row> queued =
                places.get(WakeLocation.QUEUED).headMap(new Due(dueUntil, Long.MAX_VALUE), true);
        if (after == null) {
            return queued.values().stream();
        }
        Due from = new Due(after.dueAt(), after.id().value());
        return after.dueAt() > dueUntil ? Stream.empty() : queued.tailMap(from, false).values().stream();
    }

    Stream<Row> held(BulkheadKey bulkhead) {
        NavigableMap<Due, Row> parked = held.get(bulkhead);
        return parked == null ? Stream.empty() : parked.values().stream();
    }

    Stream<BulkheadKey> bulkheadsHolding(@Nullable BulkheadKey after) {
        return (after == null ? held : held.tailMap(after, false)).keySet().stream();
    }

    boolean isHeldByOrder(Row row) {
        NavigableSet<Long> marked = marks.get(order(row));
        return row.holdsOrder && marked != null && marked.lower(row.position) != null;
    }

    Delivery delivery(Row row) {
        return row.delivery(isHeldByOrder(row));
    }

    private static Order order(Row row) {
        return new Order(row.accepted.receiver(), row.accepted.content().orderNo());
    }

    private void index(Row row) {
        if (row.nextAttemptAt != null) {
            Due due = new Due(row.nextAttemptAt, row.id().value());
            places.get(row.wakeLocation).put(due, row);
            if (row.wakeLocation == WakeLocation.HELD_BY_BULKHEAD) {
                held.computeIfAbsent(row.bulkhead(), b -> new TreeMap<>(DUE_ORDER))
                        .put(due, row);
            }
        }
        if (row.holdsOrder) {
            marks.computeIfAbsent(order(row), o -> new TreeSet<>()).add(row.position);
        }
    }

    private void unindex(Row row) {
        if (row.nextAttemptAt != null) {
            Due due = new Due(row.nextAttemptAt, row.id().value());
            places.get(row.wakeLocation).remove(due);
            held.computeIfPresent(row.bulkhead(), (b, parked) -> {
                parked.remove(due);
                return parked.isEmpty() ? null : parked;
            });
        }
        marks.computeIfPresent(order(row), (o, marked) -> {
            marked.remove(row.position);
            return marked.isEmpty() ? null : marked;
        });
    }
}
