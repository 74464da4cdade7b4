package dev.rung.store.mysql;

import dev.rung.core.model.AlertKind;
import dev.rung.core.port.AlertStore;
import dev.rung.store.common.AlertCounts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What alerts have to report, in MySQL or MariaDB. Thread-safe. */
final class MySqlAlertStore implements AlertStore {
    private static final String ADD = """
            INSERT INTO alert (kind, subject, n, since, detail) VALUES (?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE n = n + VALUES(n), detail = coalesce(VALUES(detail), detail)
            """;
    private static final String PENDING =
            "SELECT " + AlertCounts.COLUMNS + " FROM alert ORDER BY since, kind, subject LIMIT ?";
    private static final String TAKE =
            "UPDATE alert SET n = n - ?, since = ? WHERE kind = ? AND subject = ? AND since = ?";
    private static final String END = "DELETE FROM alert WHERE kind = ? AND subject = ? AND n <= 0";

    private final MySqlDatabase database;

    MySqlAlertStore(MySqlDatabase database) {
        this.database = database;
    }

    static void add(
            Connection connection, AlertKind kind, String subject, long count, @Nullable String detail, long now)
            throws SQLException {
        MySqlDatabase.change(
                connection,
                ADD,
                p -> p.number(kind.code())
                        .text(subject)
                        .number(count)
                        .number(now)
                        .text(detail));
    }

    @Override
    public void add(AlertKind kind, String subject, long count, @Nullable String detail, long now) {
        database.transaction(connection -> {
            add(connection, kind, subject, count, detail, now);
            return count;
        });
    }

    @Override
    public List<Group> pending(int limit) {
        return database.rows(PENDING, p -> p.number(limit), AlertCounts::group);
    }

    @Override
    public void reported(Group group, long now) {
        database.transaction(connection -> {
            int kind = group.kind().code();
            long since = Math.max(now, group.since() + 1);
            MySqlDatabase.change(
                    connection,
                    TAKE,
                    p -> p.number(group.count())
                            .number(since)
                            .number(kind)
                            .text(group.subject())
                            .number(group.since()));
            return MySqlDatabase.change(connection, END, p -> p.number(kind).text(group.subject()));
        });
    }
}
