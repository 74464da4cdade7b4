package dev.rung.store.mysql;

import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.store.common.BankOrderRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The simulated bank's orders, in MySQL or MariaDB. Thread-safe. */
final class MySqlBankLedger implements BankLedger {
    private static final String PURGE = "DELETE FROM simulated_order WHERE expires_at < ? ORDER BY expires_at LIMIT ?";

    private final MySqlDatabase database;

    MySqlBankLedger(MySqlDatabase database) {
        this.database = database;
    }

    /** Each order in its own transaction: an insert that finds its number in use keeps a lock, which a second server could wait for in a circle. */
    @Override
    public List<BankOrder> open(List<BankOrder> batch) {
        return batch.stream().map(this::openOne).toList();
    }

    private BankOrder openOne(BankOrder order) {
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
    public List<Boolean> change(List<Change> batch) {
        return database.transaction(connection -> {
            List<Boolean> written = new ArrayList<>(batch.size());
            for (Change change : batch) {
                written.add(MySqlDatabase.change(
                                connection,
                                BankOrderRows.CHANGE,
                                p -> p.values(BankOrderRows.change(change.before(), change.after())))
                        == 1);
            }
            return written;
        });
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
