package dev.rung.store.sqlite;

import dev.rung.core.model.Ids;
import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.ReconciliationStore;
import dev.rung.store.common.ReconciliationRows;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reconciliations in SQLite. Thread-safe. */
final class SqliteReconciliationStore implements ReconciliationStore {
    private final SqliteDatabase database;

    SqliteReconciliationStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public boolean take(StoredReconciliation fresh, Instant now, Instant until) {
        return database.write(
                tx -> tx.session.update(ReconciliationRows.INSERT_IF_NEW, ReconciliationRows.fresh(fresh, until)) == 1
                        || tx.session.update(ReconciliationRows.TAKE, ReconciliationRows.take(fresh, now, until)) == 1);
    }

    @Override
    public void delay(String channel, LocalDate day, String problem) {
        database.write(tx -> tx.session.update(ReconciliationRows.DELAY, problem, channel, day.toEpochDay()));
    }

    @Override
    public void finish(String channel, LocalDate day, Instant at, String report, String suspended) {
        database.write(tx -> tx.session.update(
                ReconciliationRows.FINISH, ReconciliationRows.finish(channel, day, at, report, suspended)));
    }

    @Override
    public Optional<StoredReconciliation> find(String channel, LocalDate day) {
        return Optional.ofNullable(database.<@Nullable StoredReconciliation>read(session -> session.first(
                ReconciliationRows.FIND_DAY, ReconciliationRows::reconciliation, channel, day.toEpochDay())));
    }

    @Override
    public Optional<StoredReconciliation> find(ReconciliationId id) {
        return Optional.ofNullable(database.<@Nullable StoredReconciliation>read(
                session -> session.first(ReconciliationRows.FIND, ReconciliationRows::reconciliation, id.value())));
    }

    @Override
    public Page<StoredReconciliation, ReconciliationId> list(
            @Nullable String channel, @Nullable ReconciliationId before, int limit) {
        long below = before == null ? Long.MAX_VALUE : before.value();
        List<StoredReconciliation> found = database.read(session -> channel == null
                ? session.list(ReconciliationRows.LIST, ReconciliationRows::reconciliation, below, limit + 1)
                : session.list(
                        ReconciliationRows.LIST_OF_CHANNEL,
                        ReconciliationRows::reconciliation,
                        below,
                        channel,
                        limit + 1));
        return found.size() <= limit
                ? new Page<>(found, null)
                : new Page<>(
                        List.copyOf(found.subList(0, limit)),
                        found.get(limit - 1).id());
    }

    @Override
    public int purge(Instant before) {
        return database.write(tx -> tx.session.update(ReconciliationRows.PURGE, Ids.first(before.toEpochMilli())));
    }
}
