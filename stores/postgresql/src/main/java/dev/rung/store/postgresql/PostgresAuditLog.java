package dev.rung.store.postgresql;

import dev.rung.core.port.AuditLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit log in PostgreSQL. Thread-safe. */
public final class PostgresAuditLog implements AuditLog {
    private static final String WRITE =
            "INSERT INTO audit (id, at, actor, action, target, detail) VALUES (?, ?, ?, ?, ?, ?)";

    private static final String LIST =
            "SELECT id, at, actor, action, target, detail FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?";

    private final PostgresDatabase database;

    PostgresAuditLog(PostgresDatabase database) {
        this.database = database;
    }

    @Override
    public void write(Entry entry) {
        database.change(
                WRITE,
                p -> p.number(entry.id())
                        .number(entry.at())
                        .text(entry.actor())
                        .text(entry.action())
                        .text(entry.target())
                        .text(entry.detail()));
    }

    @Override
    public List<Entry> list(@Nullable Long before, int limit) {
        return database.rows(
                LIST,
                p -> p.number(before == null ? Long.MAX_VALUE : before.longValue())
                        .number(limit),
                row -> new Entry(
                        row.getLong("id"),
                        row.getLong("at"),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("target"),
                        row.getString("detail")));
    }
}
