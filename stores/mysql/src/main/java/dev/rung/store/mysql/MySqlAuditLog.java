package dev.rung.store.mysql;

import dev.rung.core.port.AuditLog;
import dev.rung.store.common.AuditRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit log in MySQL or MariaDB. Thread-safe. */
public final class MySqlAuditLog implements AuditLog {
    private final MySqlDatabase database;
    private final MySqlDatabase browsing;

    MySqlAuditLog(MySqlDatabase database, MySqlDatabase browsing) {
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
