package dev.rung.store.sqlite;

import dev.rung.core.port.AuditLog;
import dev.rung.store.common.AuditRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit log in SQLite. Thread-safe. */
final class SqliteAuditLog implements AuditLog {
    private final SqliteDatabase database;

    SqliteAuditLog(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public void write(Entry entry) {
        database.write(tx -> tx.session.update(AuditRows.INSERT, AuditRows.values(entry)));
    }

    @Override
    public void changeDetail(long id, String detail) {
        database.write(tx -> tx.session.update(AuditRows.CHANGE_DETAIL, detail, id));
    }

    @Override
    public List<Entry> list(Filter filter, @Nullable Long before, int limit) {
        AuditRows.Query query = AuditRows.list(filter, before, limit);
        return database.browse(session -> session.list(query.sql(), AuditRows::entry, query.values()));
    }

    @Override
    public int purge(long before, int limit) {
        return database.write(tx -> tx.session.update(AuditRows.PURGE, before, limit));
    }
}
