package dev.rung.store.mysql;

import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.store.common.BankOrderRows;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The simulated bank's orders, in MySQL or MariaDB. Thread-safe. */
final class MySqlBankLedger implements BankLedger {
    private static final String PURGE = "DELETE FROM simulated_order WHERE expires_at < ? ORDER BY expires_at LIMIT ?";

    private final MySqlDatabase database;

    MySqlBankLedger(MySqlDatabase database) {
        this.database = database;
    }

    @Override
    public BankOrder open(BankOrder order) {
        if (database.single(connection ->
                MySqlDatabase.insertIfNew(connection, BankOrderRows.INSERT, p -> p.values(BankOrderRows.all(order))))) {
            return order;
        }
        String number = order.terms().number();
        return find(number).orElseThrow(() -> new IllegalStateException("order " + number + " was deleted"));
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
        return database.rows(BankOrderRows.REFUNDS_OF, p -> p.text(number), BankOrderRows::order);
    }

    private Optional<BankOrder> first(String sql, String key) {
        return database.rows(sql, p -> p.text(key), BankOrderRows::order).stream()
                .findFirst();
    }

    @Override
    public boolean change(BankOrder before, BankOrder after) {
        return database.change(BankOrderRows.CHANGE, p -> p.values(BankOrderRows.change(before, after))) == 1;
    }

    @Override
    public List<BankOrder> due(Instant until, int limit) {
        return database.rows(
                BankOrderRows.DUE, p -> p.number(until.toEpochMilli()).number(limit), BankOrderRows::order);
    }

    @Override
    public List<BankOrder> paid(String notifyUrl, Instant from, Instant to, String after, int limit) {
        return database.rows(
                BankOrderRows.PAID,
                p -> p.text(notifyUrl)
                        .number(from.toEpochMilli())
                        .number(to.toEpochMilli())
                        .text(after)
                        .number(limit),
                BankOrderRows::order);
    }

    @Override
    public Optional<Instant> nextDue() {
        return database.rows(BankOrderRows.NEXT_DUE, p -> {}, row -> Instant.ofEpochMilli(row.getLong(1))).stream()
                .findFirst();
    }

    @Override
    public int purge(Instant expiredBefore, int limit) {
        return database.change(
                PURGE, p -> p.number(expiredBefore.toEpochMilli()).number(limit));
    }
}
