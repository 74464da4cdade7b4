package dev.rung.store.mysql;

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

/** Reconciliations in MySQL or MariaDB. Thread-safe; several servers may share the database. */
final class MySqlReconciliationStore implements ReconciliationStore {
    private final MySqlDatabase database;
    private final MySqlDatabase catalog;

    /**
     * @param catalog for what people read
     */
    MySqlReconciliationStore(MySqlDatabase database, MySqlDatabase catalog) {
        this.database = database;
        this.catalog = catalog;
    }

    @Override
    public boolean take(StoredReconciliation fresh, Instant now, Instant until) {
        return database.change(ReconciliationRows.TAKE, p -> p.values(ReconciliationRows.take(fresh, now, until))) == 1
                || database.single(connection -> MySqlDatabase.insertIfNew(
                        connection, ReconciliationRows.INSERT, p -> p.values(ReconciliationRows.fresh(fresh, until))));
    }

    @Override
    public void delay(String channel, LocalDate day, String problem) {
        database.change(
                ReconciliationRows.DELAY, p -> p.text(problem).text(channel).number(day.toEpochDay()));
    }

    @Override
    public void finish(String channel, LocalDate day, Instant at, String report, String suspended) {
        database.change(
                ReconciliationRows.FINISH,
                p -> p.values(ReconciliationRows.finish(channel, day, at, report, suspended)));
    }

    @Override
    public Optional<StoredReconciliation> find(String channel, LocalDate day) {
        return database
                .rows(
                        ReconciliationRows.FIND_DAY,
                        p -> p.text(channel).number(day.toEpochDay()),
                        ReconciliationRows::reconciliation)
                .stream()
                .findFirst();
    }

    @Override
    public Optional<StoredReconciliation> find(ReconciliationId id) {
        return catalog
                .rows(ReconciliationRows.FIND, p -> p.number(id.value()), ReconciliationRows::reconciliation)
                .stream()
                .findFirst();
    }

    @Override
    public Page<StoredReconciliation, ReconciliationId> list(
            @Nullable String channel, @Nullable ReconciliationId before, int limit) {
        long below = before == null ? Long.MAX_VALUE : before.value();
        List<StoredReconciliation> found = channel == null
                ? catalog.rows(
                        ReconciliationRows.LIST,
                        p -> p.number(below).number(limit + 1),
                        ReconciliationRows::reconciliation)
                : catalog.rows(
                        ReconciliationRows.LIST_OF_CHANNEL,
                        p -> p.number(below).text(channel).number(limit + 1),
                        ReconciliationRows::reconciliation);
        return found.size() <= limit
                ? new Page<>(found, null)
                : new Page<>(
                        List.copyOf(found.subList(0, limit)),
                        found.get(limit - 1).id());
    }

    @Override
    public int purge(Instant before) {
        return database.change(ReconciliationRows.PURGE, p -> p.number(Ids.first(before.toEpochMilli())));
    }
}
