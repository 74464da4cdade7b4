package dev.rung.store.mysql;

import dev.rung.store.common.NotificationCounts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Maintains the state counters: written in key order, after all other rows are locked. */
final class StateCounters {
    /** The slot is derived from the connection, so that two connections rarely share one. */
    static final String SLOT = "connection_id() % 32";

    private static final String INTO = "INSERT INTO notification_count (slot, state, ladder, rung, n)";
    private static final String ROW = "(" + SLOT + ", ?, ?, ?, ?)";
    private static final String ADD = " ON DUPLICATE KEY UPDATE n = n + VALUES(n)";

    final NotificationCounts counts = new NotificationCounts();

    void write(Connection connection) throws SQLException {
        List<@Nullable Object[]> rows = counts.changes().stream()
                .map(e -> new @Nullable Object[] {
                    e.getKey().state().code(), e.getKey().ladder(), e.getKey().rung(), e.getValue()
                })
                .toList();
        MySqlDatabase.insert(connection, INTO, ROW, ADD, rows);
    }
}
