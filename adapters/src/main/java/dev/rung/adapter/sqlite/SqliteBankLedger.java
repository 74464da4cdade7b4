package dev.rung.adapter.sqlite;

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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The simulated bank's orders, in SQLite. Thread-safe. */
final class SqliteBankLedger implements BankLedger {
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
    private static final String NEXT_DUE = "SELECT min(due_at) FROM simulated_order WHERE due_at IS NOT NULL";
    private static final String PURGE = """
            DELETE FROM simulated_order
             WHERE number IN (SELECT number FROM simulated_order WHERE expires_at < ? ORDER BY expires_at LIMIT ?)""";

    private final Database database;

    SqliteBankLedger(Database database) {
        this.database = database;
    }

    @Override
    public BankOrder open(BankOrder order) {
        return database.write(tx -> {
            insert(tx.session, order);
            return Objects.requireNonNull(tx.session.first(
                    FIND, SqliteBankLedger::order, order.terms().number()));
        });
    }

    private static void insert(Session session, BankOrder o) throws SQLException {
        BankOrder.Terms t = o.terms();
        session.update(
                OPEN,
                t.number(),
                t.token(),
                t.tradeNo(),
                t.amount().value(),
                t.amount().currency().getCurrencyCode(),
                t.subject(),
                t.notifyUrl(),
                t.placedAt().toEpochMilli(),
                t.expiresAt().toEpochMilli(),
                code(o.manners().outcome()),
                o.manners().callback().code(),
                o.manners().callbackDelay().toMillis(),
                o.manners().answersQueries(),
                o.state().code(),
                millis(o.settledAt()),
                o.callbacks(),
                o.heard(),
                millis(o.dueAt()),
                o.version());
    }

    @Override
    public Optional<BankOrder> find(String number) {
        return first(FIND, number);
    }

    @Override
    public Optional<BankOrder> findByToken(String token) {
        return first(FIND_BY_TOKEN, token);
    }

    private Optional<BankOrder> first(String sql, String key) {
        return Optional.ofNullable(
                database.<@Nullable BankOrder>read(session -> session.first(sql, SqliteBankLedger::order, key)));
    }

    @Override
    public boolean change(BankOrder before, BankOrder after) {
        return database.write(tx -> tx.session.update(
                        CHANGE,
                        code(after.manners().outcome()),
                        after.manners().callback().code(),
                        after.manners().callbackDelay().toMillis(),
                        after.manners().answersQueries(),
                        after.state().code(),
                        millis(after.settledAt()),
                        after.callbacks(),
                        after.heard(),
                        millis(after.dueAt()),
                        before.terms().number(),
                        before.version())
                > 0);
    }

    @Override
    public List<BankOrder> due(Instant until, int limit) {
        return database.read(session -> session.list(DUE, SqliteBankLedger::order, until.toEpochMilli(), limit));
    }

    @Override
    public Optional<Instant> nextDue() {
        return Optional.ofNullable(database.<@Nullable Instant>read(
                session -> session.first(NEXT_DUE, row -> instant(Session.nullableLong(row, 1)))));
    }

    @Override
    public int purge(Instant expiredBefore, int limit) {
        return database.write(tx -> tx.session.update(PURGE, expiredBefore.toEpochMilli(), limit));
    }

    private static BankOrder order(ResultSet row) throws SQLException {
        Long outcome = Session.nullableLong(row, 10);
        return new BankOrder(
                terms(row),
                new BankManners(
                        outcome == null ? null : Coded.ofCode(BankManners.Outcome.class, outcome.intValue()),
                        Coded.ofCode(BankManners.CallbackKind.class, row.getInt(11)),
                        Duration.ofMillis(row.getLong(12)),
                        row.getBoolean(13)),
                Coded.ofCode(BankOrder.State.class, row.getInt(14)),
                instant(Session.nullableLong(row, 15)),
                row.getInt(16),
                row.getBoolean(17),
                instant(Session.nullableLong(row, 18)),
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

    private static @Nullable Integer code(@Nullable Coded choice) {
        return choice == null ? null : choice.code();
    }

    private static @Nullable Long millis(@Nullable Instant at) {
        return at == null ? null : at.toEpochMilli();
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
