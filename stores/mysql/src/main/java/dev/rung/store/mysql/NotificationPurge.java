package dev.rung.store.mysql;

import dev.rung.core.model.NotificationId;
import dev.rung.store.common.DeliveryRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Deletes old notifications within a transaction. */
final class NotificationPurge {
    /** Keys are remembered for at least 24 hours, and as long as any other notification of the event. */
    private static final String OLD = """
            SELECT d.* FROM delivery d FORCE INDEX (delivery_settled)
            WHERE d.settled_at < ? AND d.next_attempt_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM notification n
                WHERE n.id = d.id AND n.idempotency_key IS NOT NULL
                  AND (n.created_at > unix_timestamp(sysdate(3)) * 1000 - 86400000
                    OR EXISTS (SELECT 1 FROM notification other WHERE other.event_id = n.id)))
            ORDER BY d.settled_at, d.id LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    private static final List<String> DELETES = List.of(
            "DELETE d FROM delivery d FORCE INDEX (PRIMARY) WHERE d.id IN (%s)",
            "DELETE n FROM notification n FORCE INDEX (PRIMARY) WHERE n.id IN (%s)",
            "DELETE a FROM attempt a FORCE INDEX (PRIMARY) WHERE a.notification_id IN (%s)");

    private NotificationPurge() {}

    static int run(Connection connection, long settledBefore, int limit) throws SQLException {
        List<DeliveryRow> old =
                MySqlDatabase.rows(connection, OLD, p -> p.number(settledBefore).number(limit), DeliveryRow::new);
        if (old.isEmpty()) {
            return 0;
        }
        List<NotificationId> ids = old.stream().map(row -> row.id).toList();
        for (String delete : DELETES) {
            MySqlDatabase.change(connection, LockedDeliveries.withIds(delete, ids), p -> {});
        }
        StateCounters counters = new StateCounters();
        old.forEach(counters.counts::deleted);
        counters.write(connection);
        return old.size();
    }
}
