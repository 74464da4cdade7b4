package dev.rung.store.mysql;

import dev.rung.store.common.DeliveryRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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

    /** The tables with a notification's rows, and their keys. */
    private static final List<Map.Entry<String, String>> TABLES = List.of(
            Map.entry("delivery", "id"), Map.entry("notification", "id"), Map.entry("attempt", "notification_id"));

    private NotificationPurge() {}

    static int run(Connection connection, MySqlDialect dialect, long settledBefore, int limit) throws SQLException {
        List<DeliveryRow> old =
                MySqlDatabase.rows(connection, OLD, p -> p.number(settledBefore).number(limit), DeliveryRow::new);
        if (old.isEmpty()) {
            return 0;
        }
        String ids = old.stream().map(row -> Long.toString(row.id.value())).collect(Collectors.joining(","));
        for (Map.Entry<String, String> table : TABLES) {
            MySqlDatabase.change(connection, dialect.deletion(table.getKey(), table.getValue(), ids), p -> {});
        }
        StateCounters counters = new StateCounters();
        old.forEach(counters.counts::deleted);
        counters.write(connection);
        return old.size();
    }
}
