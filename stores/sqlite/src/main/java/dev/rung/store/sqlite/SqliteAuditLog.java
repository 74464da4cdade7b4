package dev.rung.store.sqlite;

import dev.rung.core.port.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit log in SQLite. Thread-safe. */
final class SqliteAuditLog implements AuditLog {
    private static final String WRITE =
            "INSERT INTO audit (id, at, actor, action, target, detail) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String LIST =
            "SELECT id, at, actor, action, target, detail FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?";

    private final SqliteDatabase database;

    SqliteAuditLog(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public void write(Entry e) {
        database.write(tx -> tx.session.update(WRITE, e.id(), e.at(), e.actor(), e.action(), e.target(), e.detail()));
    }

    @Override
    public List<Entry> list(@Nullable Long before, int limit) {
        long below = before == null ? Long.MAX_VALUE : before;
        return database.browse(session -> session.list(LIST, SqliteAuditLog::entry, below, limit));
    }

    private static Entry entry(ResultSet r) throws SQLException {
        return new Entry(
                r.getLong("id"),
                r.getLong("at"),
                r.getString("actor"),
                r.getString("action"),
                r.getString("target"),
                r.getString("detail"));
    }
}
