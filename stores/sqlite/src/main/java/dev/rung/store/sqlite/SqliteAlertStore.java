package dev.rung.store.sqlite;

import dev.rung.core.model.AlertKind;
import dev.rung.core.port.AlertStore;
import dev.rung.store.common.AlertCounts;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What alerts have to report, in SQLite. Thread-safe. */
final class SqliteAlertStore implements AlertStore {
    private static final String ADD = """
            INSERT INTO alert (kind, subject, n, since, detail) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET n = n + excluded.n, detail = coalesce(excluded.detail, detail)""";
    private static final String PENDING =
            "SELECT " + AlertCounts.COLUMNS + " FROM alert ORDER BY since, kind, subject LIMIT ?";
    private static final String TAKE =
            "UPDATE alert SET n = n - ?, since = ? WHERE kind = ? AND subject = ? AND since = ?";
    private static final String END = "DELETE FROM alert WHERE kind = ? AND subject = ? AND n <= 0";

    private final SqliteDatabase database;

    SqliteAlertStore(SqliteDatabase database) {
        this.database = database;
    }

    static void add(WriteTransaction tx, AlertKind kind, String subject, long count, @Nullable String detail, long now)
            throws SQLException {
        tx.session.update(ADD, kind.code(), subject, count, now, detail);
    }

    @Override
    public void add(AlertKind kind, String subject, long count, @Nullable String detail, long now) {
        database.write(tx -> tx.session.update(ADD, kind.code(), subject, count, now, detail));
    }

    @Override
    public List<Group> pending(int limit) {
        return database.read(session -> session.list(PENDING, AlertCounts::group, limit));
    }

    @Override
    public void reported(Group group, long now) {
        database.write(tx -> {
            int kind = group.kind().code();
            long since = Math.max(now, group.since() + 1);
            tx.session.update(TAKE, group.count(), since, kind, group.subject(), group.since());
            return tx.session.update(END, kind, group.subject());
        });
    }
}
