package dev.rung.store.postgresql;

import dev.rung.core.port.AuditLog;
import dev.rung.store.common.AuditRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit log in PostgreSQL. Thread-safe. */
public final class PostgresAuditLog implements AuditLog {
    private final PostgresDatabase database;
    private final PostgresDatabase browsing;

    PostgresAuditLog(PostgresDatabase database, PostgresDatabase browsing) {
        this.database = database;
        this.browsing = browsing;
    }

    @Override
    public void write(Entry entry) {
        database.change(AuditRows.INSERT, p -> p.values(AuditRows.values(entry)));
    }

    @Override
    public void changeDetail(long id, String detail) {
        database.change(AuditRows.CHANGE_DETAIL, p -> p.text(detail).number(id));
    }

    @Override
    public List<Entry> list(Filter filter, @Nullable Long before, int limit) {
        AuditRows.Query query = AuditRows.list(filter, before, limit);
        return browsing.rows(query.sql(), p -> p.values(query.values()), AuditRows::entry);
    }

    @Override
    public int purge(long before, int limit) {
        return database.change(AuditRows.PURGE, p -> p.number(before).number(limit));
    }
}
