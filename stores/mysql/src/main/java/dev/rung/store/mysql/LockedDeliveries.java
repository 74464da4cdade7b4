package dev.rung.store.mysql;

import dev.rung.core.model.NotificationId;
import dev.rung.core.model.WakeLocation;
import dev.rung.store.common.DeliveryRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Deliveries that a transaction has locked: loads them, saves what has become of them, and counts. */
final class LockedDeliveries {
    private static final String LOCK =
            "SELECT d.* FROM delivery d FORCE INDEX (PRIMARY) WHERE d.id IN (%s) ORDER BY d.id FOR UPDATE";

    private static final List<String> SAVED = List.of(
            "state",
            "wake_location",
            "wake_number",
            "rung",
            "attempts_made",
            "attempts_max",
            "holds_order",
            "may_repeat",
            "next_attempt_at",
            "settled_at",
            "url",
            "throttled_count",
            "throttled_since",
            "held_by",
            "held_since",
            "urgent");

    /** The rows exist and are locked, so each is updated: one statement for many costs half of one statement for each. */
    private static final String INTO =
            "INSERT INTO delivery (" + String.join(", ", SAVED) + ", id, merchant_id, endpoint_id, kind)";

    private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)";

    private static final String UPDATE = " ON DUPLICATE KEY UPDATE "
            + SAVED.stream().map(column -> column + " = VALUES(" + column + ")").collect(Collectors.joining(", "));

    private LockedDeliveries() {}

    /** Locks these deliveries, by the primary key, so that they are locked in id order and no others are. */
    static Map<NotificationId, DeliveryRow> lock(Connection connection, Collection<NotificationId> ids)
            throws SQLException {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return byId(MySqlDatabase.rows(connection, withIds(LOCK, ids), p -> {}, DeliveryRow::new));
    }

    static Map<NotificationId, DeliveryRow> byId(List<DeliveryRow> rows) {
        Map<NotificationId, DeliveryRow> byId = HashMap.newHashMap(rows.size());
        rows.forEach(row -> byId.put(row.id, row));
        return byId;
    }

    /** See {@link MySqlDatabase#withIds}. */
    static String withIds(String statement, Collection<NotificationId> ids) {
        return MySqlDatabase.withIds(
                statement, ids.stream().map(NotificationId::value).toList());
    }

    /** Queues these deliveries, in the order given. */
    static void queue(Connection connection, List<DeliveryRow> rows) throws SQLException {
        for (DeliveryRow row : rows) {
            row.wakeLocation = WakeLocation.QUEUED;
            row.wakeNumber++;
        }
        save(connection, rows);
    }

    /** Writes changed rows and their counts. */
    static void save(Connection connection, Collection<DeliveryRow> rows) throws SQLException {
        StateCounters counters = new StateCounters();
        List<@Nullable Object[]> changes = new ArrayList<>(rows.size());
        for (DeliveryRow row : rows) {
            changes.add(new @Nullable Object[] {
                row.state.code(),
                row.wakeLocation.code(),
                row.wakeNumber,
                row.rung,
                row.attemptsMade,
                row.attemptsMax,
                row.holdsOrder,
                row.mayRepeat,
                row.nextAttemptAt,
                row.settledAt,
                row.url,
                row.throttledCount,
                row.throttledSince,
                row.hold == null ? null : row.hold.reason().code(),
                row.hold == null ? null : row.hold.since(),
                row.urgent,
                row.id.value()
            });
            counters.counts.moved(row);
        }
        MySqlDatabase.insert(connection, INTO, ROW, UPDATE, changes);
        counters.write(connection);
    }
}
