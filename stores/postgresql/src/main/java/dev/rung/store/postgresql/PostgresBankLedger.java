package dev.rung.store.postgresql;

import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.store.common.BankOrderRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The simulated bank's orders, in PostgreSQL. Thread-safe. */
final class PostgresBankLedger implements BankLedger {
    private final PostgresDatabase database;

    PostgresBankLedger(PostgresDatabase database) {
        this.database = database;
    }

    @Override
    public List<BankOrder> open(List<BankOrder> batch) {
        List<Boolean> isNew =
                writeEach(BankOrderRows.OPEN, batch, order -> order.terms().number(), BankOrderRows::all);
        List<BankOrder> stored = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            stored.add(
                    isNew.get(i) ? batch.get(i) : existing(batch.get(i).terms().number()));
        }
        return stored;
    }

    private BankOrder existing(String number) {
        return find(number).orElseThrow(() -> new IllegalStateException("order " + number + " was deleted"));
    }

    /** Runs a statement once per item, in one transaction, always in the order of the numbers. Returns whether each wrote its row. */
    private <T> List<Boolean> writeEach(
            String sql, List<T> batch, Function<T, String> number, Function<T, @Nullable Object[]> values) {
        List<Integer> order = IntStream.range(0, batch.size())
                .boxed()
                .sorted(Comparator.comparing(i -> number.apply(batch.get(i))))
                .toList();
        List<@Nullable Object[]> items =
                order.stream().map(i -> values.apply(batch.get(i))).toList();
        int[] changed = batch.size() == 1
                ? database.single(connection -> PostgresDatabase.changeEach(connection, sql, items))
                : database.transaction(connection -> PostgresDatabase.changeEach(connection, sql, items));
        Boolean[] written = new Boolean[batch.size()];
        for (int i = 0; i < changed.length; i++) {
            written[order.get(i)] = changed[i] == 1;
        }
        return List.of(written);
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
        return writeEach(
                BankOrderRows.CHANGE,
                batch,
                change -> change.before().terms().number(),
                change -> BankOrderRows.change(change.before(), change.after()));
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
                BankOrderRows.PURGE, p -> p.number(expiredBefore.toEpochMilli()).number(limit));
    }
}
