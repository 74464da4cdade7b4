package dev.rung.store.common;

import dev.rung.core.model.Ids;
import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.ReconciliationStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reconciliations in the table {@code reconciliation}. Thread-safe; several servers may share the database. */
public final class SqlReconciliationStore implements ReconciliationStore {
    private static final String COLUMNS = "id, channel, day, created_at, finished_at, problem, report, suspended";
    private static final String INSERT =
            "INSERT INTO reconciliation (id, channel, day, created_at, taken_until) VALUES (?, ?, ?, ?, ?)";
    private static final String TAKE = """
            UPDATE reconciliation SET taken_until = ?
            WHERE channel = ? AND day = ? AND finished_at IS NULL AND taken_until <= ?""";
    private static final String DELAY =
            "UPDATE reconciliation SET problem = ? WHERE channel = ? AND day = ? AND finished_at IS NULL";
    private static final String FINISH = """
            UPDATE reconciliation SET finished_at = ?, report = ?, suspended = ?, problem = ?
            WHERE channel = ? AND day = ? AND finished_at IS NULL""";
    private static final String PURGE = "DELETE FROM reconciliation WHERE id < ? AND finished_at IS NOT NULL";
    private static final String FIND_DAY = "SELECT " + COLUMNS + " FROM reconciliation WHERE channel = ? AND day = ?";
    private static final String FIND = "SELECT " + COLUMNS + " FROM reconciliation WHERE id = ?";
    private static final String LIST =
            "SELECT " + COLUMNS + " FROM reconciliation WHERE id < ? ORDER BY id DESC LIMIT ?";
    private static final String LIST_OF_CHANNEL =
            "SELECT " + COLUMNS + " FROM reconciliation WHERE id < ? AND channel = ? ORDER BY id DESC LIMIT ?";

    private final SqlStatements database;
    private final SqlStatements catalog;

    /**
     * @param catalog for searches
     */
    public SqlReconciliationStore(SqlStatements database, SqlStatements catalog) {
        this.database = database;
        this.catalog = catalog;
    }

    @Override
    public boolean take(StoredReconciliation fresh, Instant now, Instant until) {
        long day = fresh.day().toEpochDay();
        return database.change(TAKE, until.toEpochMilli(), fresh.channel(), day, now.toEpochMilli()) == 1
                || database.insertIfNew(
                        INSERT,
                        fresh.id().value(),
                        fresh.channel(),
                        day,
                        fresh.createdAt().toEpochMilli(),
                        until.toEpochMilli());
    }

    @Override
    public void delay(String channel, LocalDate day, String problem) {
        database.change(DELAY, problem, channel, day.toEpochDay());
    }

    @Override
    public void finish(String channel, LocalDate day, Instant at, String report, String suspended) {
        database.change(FINISH, at.toEpochMilli(), report, suspended, null, channel, day.toEpochDay());
    }

    @Override
    public void giveUp(String channel, LocalDate day, Instant at, String problem, String suspended) {
        database.change(FINISH, at.toEpochMilli(), null, suspended, problem, channel, day.toEpochDay());
    }

    @Override
    public Optional<StoredReconciliation> find(String channel, LocalDate day) {
        return database.list(FIND_DAY, SqlReconciliationStore::reconciliation, channel, day.toEpochDay()).stream()
                .findFirst();
    }

    @Override
    public Optional<StoredReconciliation> find(ReconciliationId id) {
        return catalog.list(FIND, SqlReconciliationStore::reconciliation, id.value()).stream()
                .findFirst();
    }

    @Override
    public Page<StoredReconciliation, ReconciliationId> list(
            @Nullable String channel, @Nullable ReconciliationId before, int limit) {
        long below = before == null ? Long.MAX_VALUE : before.value();
        List<StoredReconciliation> found = channel == null
                ? catalog.list(LIST, SqlReconciliationStore::reconciliation, below, limit + 1)
                : catalog.list(LIST_OF_CHANNEL, SqlReconciliationStore::reconciliation, below, channel, limit + 1);
        return Page.of(found, limit, StoredReconciliation::id);
    }

    @Override
    public int purge(Instant before) {
        return database.change(PURGE, Ids.first(before.toEpochMilli()));
    }

    private static StoredReconciliation reconciliation(ResultSet r) throws SQLException {
        return new StoredReconciliation(
                new ReconciliationId(r.getLong("id")),
                r.getString("channel"),
                LocalDate.ofEpochDay(r.getLong("day")),
                Instant.ofEpochMilli(r.getLong("created_at")),
                NullableColumns.instant(r, "finished_at"),
                r.getString("problem"),
                r.getString("report"),
                r.getString("suspended"));
    }
}
