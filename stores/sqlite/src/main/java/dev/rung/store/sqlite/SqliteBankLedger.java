package dev.rung.store.sqlite;

import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.store.common.BankOrderRows;
import java.time.Instant;
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
    public BankOrder open(BankOrder order) {
        return database.write(tx -> {
            tx.session.update(BankOrderRows.OPEN, BankOrderRows.all(order));
            return Objects.requireNonNull(tx.session.first(
                    BankOrderRows.FIND, BankOrderRows::order, order.terms().number()));
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
    public boolean change(BankOrder before, BankOrder after) {
        return database.write(tx -> tx.session.update(BankOrderRows.CHANGE, BankOrderRows.change(before, after)) > 0);
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
