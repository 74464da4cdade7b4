package dev.rung.store.sqlite;

import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.store.common.BankOrderRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The simulated bank's orders, in SQLite. Thread-safe. */
final class SqliteBankLedger implements BankLedger {
    private final SqliteDatabase database;

    SqliteBankLedger(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public List<BankOrder> open(List<BankOrder> batch) {
        return database.write(tx -> {
            List<BankOrder> stored = new ArrayList<>(batch.size());
            for (BankOrder order : batch) {
                stored.add(
                        tx.session.update(BankOrderRows.OPEN, BankOrderRows.all(order)) == 1
                                ? order
                                : Objects.requireNonNull(tx.session.first(
                                        BankOrderRows.FIND,
                                        BankOrderRows::order,
                                        order.terms().number())));
            }
            return stored;
        });
    }

    @Override
    public Optional<BankOrder> find(String number) {
        return first(BankOrderRows.FIND, number);
    }

    @Override
    public Optional<BankOrder> findByToken(String token) {
        return first(BankOrderRows.FIND_BY_TOKEN, token);
    }

    @Override
    public List<BankOrder> refundsOf(String number) {
        return database.read(session -> session.list(BankOrderRows.REFUNDS_OF, BankOrderRows::order, number));
    }

    private Optional<BankOrder> first(String sql, String key) {
        return Optional.ofNullable(
                database.<@Nullable BankOrder>read(session -> session.first(sql, BankOrderRows::order, key)));
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return database.write(tx -> {
            List<Boolean> written = new ArrayList<>(batch.size());
            for (Change change : batch) {
                written.add(
                        tx.session.update(BankOrderRows.CHANGE, BankOrderRows.change(change.before(), change.after()))
                                == 1);
            }
            return written;
        });
    }

    @Override
    public List<BankOrder> due(Instant until, int limit) {
        return database.read(
                session -> session.list(BankOrderRows.DUE, BankOrderRows::order, until.toEpochMilli(), limit));
    }

    @Override
    public List<BankOrder> paid(String notifyUrl, Instant from, Instant to, String after, int limit) {
        return database.read(session -> session.list(
                BankOrderRows.PAID,
                BankOrderRows::order,
                notifyUrl,
                from.toEpochMilli(),
                to.toEpochMilli(),
                after,
                limit));
    }

    @Override
    public Optional<Instant> nextDue() {
        return Optional.ofNullable(database.<@Nullable Instant>read(
                session -> session.first(BankOrderRows.NEXT_DUE, row -> Instant.ofEpochMilli(row.getLong(1)))));
    }

    @Override
    public int purge(Instant expiredBefore, int limit) {
        return database.write(tx -> tx.session.update(BankOrderRows.PURGE, expiredBefore.toEpochMilli(), limit));
    }
}
