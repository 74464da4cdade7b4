package dev.rung.adapter.postgres;

import dev.rung.core.model.Coded;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankManners;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.model.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The simulated bank's orders, in PostgreSQL. Thread-safe. */
final class PostgresBankLedger implements BankLedger {
    private static final String COLUMNS = """
            number, token, trade_no, amount, currency, subject, notify_url, placed_at, expires_at, outcome, callback,
            callback_delay, answers, state, settled_at, callbacks, heard, due_at, version""";
    private static final String OPEN = "INSERT INTO simulated_order (" + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO NOTHING";
    private static final String FIND = "SELECT " + COLUMNS + " FROM simulated_order WHERE number = ?";
    private static final String FIND_BY_TOKEN = "SELECT " + COLUMNS + " FROM simulated_order WHERE token = ?";
    private static final String CHANGE = """
            UPDATE simulated_order
               SET outcome = ?, callback = ?, callback_delay = ?, answers = ?, state = ?, settled_at = ?, callbacks = ?,
                   heard = ?, due_at = ?, version = version + 1
             WHERE number = ? AND version = ?""";
    private static final String DUE =
            "SELECT " + COLUMNS + " FROM simulated_order WHERE due_at <= ? ORDER BY due_at LIMIT ?";
    private static final String NEXT_DUE =
            "SELECT due_at FROM simulated_order WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1";
    private static final String PURGE = """
            DELETE FROM simulated_order
             WHERE number IN (SELECT number FROM simulated_order WHERE expires_at < ? ORDER BY expires_at LIMIT ?)""";

    private final Database database;

    PostgresBankLedger(Database database) {
        this.database = database;
    }

    @Override
    public BankOrder open(BankOrder order) {
        String number = order.terms().number();
        if (database.change(OPEN, p -> bind(p, order)) == 1) {
            return order;
        }
        return find(number).orElseThrow(() -> new IllegalStateException("order " + number + " was there and is gone"));
    }

    private static void bind(Parameters p, BankOrder o) throws SQLException {
        BankOrder.Terms t = o.terms();
        p.text(t.number())
                .text(t.token())
                .text(t.tradeNo())
                .number(t.amount().value())
                .text(t.amount().currency().getCurrencyCode())
                .text(t.subject())
                .text(t.notifyUrl())
                .number(t.placedAt().toEpochMilli())
                .number(t.expiresAt().toEpochMilli());
        moving(p, o);
        p.number(o.version());
    }

    /** The columns that change, in the order of both statements. */
    private static void moving(Parameters p, BankOrder o) throws SQLException {
        p.number(code(o.manners().outcome()))
                .number(o.manners().callback().code())
                .number(o.manners().callbackDelay().toMillis())
                .flag(o.manners().answersQueries())
                .number(o.state().code())
                .number(millis(o.settledAt()))
                .number(o.callbacks())
                .flag(o.heard())
                .number(millis(o.dueAt()));
    }

    @Override
    public Optional<BankOrder> find(String number) {
        return database.rows(FIND, p -> p.text(number), PostgresBankLedger::order).stream()
                .findFirst();
    }

    @Override
    public Optional<BankOrder> findByToken(String token) {
        return database.rows(FIND_BY_TOKEN, p -> p.text(token), PostgresBankLedger::order).stream()
                .findFirst();
    }

    @Override
    public boolean change(BankOrder before, BankOrder after) {
        return database.change(CHANGE, p -> {
                    moving(p, after);
                    p.text(before.terms().number()).number(before.version());
                })
                == 1;
    }

    @Override
    public List<BankOrder> due(Instant until, int limit) {
        return database.rows(DUE, p -> p.number(until.toEpochMilli()).number(limit), PostgresBankLedger::order);
    }

    @Override
    public Optional<Instant> nextDue() {
        return database.rows(NEXT_DUE, p -> {}, row -> Instant.ofEpochMilli(row.getLong(1))).stream()
                .findFirst();
    }

    @Override
    public int purge(Instant expiredBefore, int limit) {
        return database.change(
                PURGE, p -> p.number(expiredBefore.toEpochMilli()).number(limit));
    }

    private static BankOrder order(ResultSet row) throws SQLException {
        Integer outcome = row.getObject(10, Integer.class);
        return new BankOrder(
                terms(row),
                new BankManners(
                        outcome == null ? null : Coded.ofCode(BankManners.Outcome.class, outcome),
                        Coded.ofCode(BankManners.CallbackKind.class, row.getInt(11)),
                        Duration.ofMillis(row.getLong(12)),
                        row.getBoolean(13)),
                Coded.ofCode(BankOrder.State.class, row.getInt(14)),
                instant(row.getObject(15, Long.class)),
                row.getInt(16),
                row.getBoolean(17),
                instant(row.getObject(18, Long.class)),
                row.getInt(19));
    }

    private static BankOrder.Terms terms(ResultSet row) throws SQLException {
        return new BankOrder.Terms(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Money.of(row.getLong(4), row.getString(5)),
                row.getString(6),
                row.getString(7),
                Instant.ofEpochMilli(row.getLong(8)),
                Instant.ofEpochMilli(row.getLong(9)));
    }

    private static @Nullable Long code(@Nullable Coded choice) {
        return choice == null ? null : (Long) (long) choice.code();
    }

    private static @Nullable Long millis(@Nullable Instant at) {
        return at == null ? null : at.toEpochMilli();
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
