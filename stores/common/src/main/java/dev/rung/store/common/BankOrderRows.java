package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.payments.bank.BankBehavior;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.model.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The simulated bank's orders: row mapping and statements. Each statement's comment names its parameters. */
public final class BankOrderRows {
    private static final String COLUMNS = """
            number, token, trade_no, amount, currency, subject, notify_url, placed_at, expires_at, outcome, callback,
            callback_delay, answers, state, settled_at, callbacks, acknowledged, due_at, version,
            refund_of, bill""";

    /** Parameters: {@link #all}. */
    public static final String INSERT = "INSERT INTO simulated_order (" + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** The same; inserts nothing if the number is in use. */
    public static final String OPEN = INSERT + " ON CONFLICT (number) DO NOTHING";

    /** Parameter: number. */
    public static final String FIND = "SELECT " + COLUMNS + " FROM simulated_order WHERE number = ?";

    /** Parameter: token. */
    public static final String FIND_BY_TOKEN = "SELECT " + COLUMNS + " FROM simulated_order WHERE token = ?";

    /** Parameters: the number of an order. */
    public static final String REFUNDS_OF = "SELECT " + COLUMNS + " FROM simulated_order WHERE refund_of = ?";

    /** Parameters: {@link #change}. */
    public static final String CHANGE = """
            UPDATE simulated_order
               SET outcome = ?, callback = ?, callback_delay = ?, answers = ?, state = ?, settled_at = ?, callbacks = ?,
                   acknowledged = ?, due_at = ?, version = version + 1
             WHERE number = ? AND version = ?""";

    /** Parameters: time, limit. */
    public static final String DUE =
            "SELECT " + COLUMNS + " FROM simulated_order WHERE due_at <= ? ORDER BY due_at LIMIT ?";

    /** Parameters: a callback's URL, the time's limits, the last number of the page before, a limit. */
    public static final String PAID = CodedSql.of("SELECT " + COLUMNS + """
             FROM simulated_order
            WHERE state = {State.PAID} AND notify_url = ? AND settled_at >= ? AND settled_at < ? AND number > ?
            ORDER BY number LIMIT ?""", List.of(BankOrder.State.class));

    public static final String NEXT_DUE =
            "SELECT due_at FROM simulated_order WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1";

    /** Parameters: time, limit. */
    public static final String PURGE = """
            DELETE FROM simulated_order
             WHERE number IN (SELECT number FROM simulated_order WHERE expires_at < ? ORDER BY expires_at LIMIT ?)""";

    private BankOrderRows() {}

    public static @Nullable Object[] all(BankOrder order) {
        BankOrder.Terms terms = order.terms();
        List<@Nullable Object> values = new ArrayList<>();
        values.add(terms.number());
        values.add(terms.token());
        values.add(terms.tradeNo());
        values.add(terms.amount().value());
        values.add(terms.amount().currency().getCurrencyCode());
        values.add(terms.subject());
        values.add(terms.notifyUrl());
        values.add(terms.placedAt().toEpochMilli());
        values.add(terms.expiresAt().toEpochMilli());
        values.addAll(moving(order));
        values.add(order.version());
        values.add(terms.refundOf());
        values.add(order.behavior().bill().code());
        return values.toArray();
    }

    public static @Nullable Object[] change(BankOrder before, BankOrder after) {
        List<@Nullable Object> values = moving(after);
        values.add(before.terms().number());
        values.add(before.version());
        return values.toArray();
    }

    /** The mutable columns, in the order of both statements. */
    private static List<@Nullable Object> moving(BankOrder order) {
        BankBehavior behavior = order.behavior();
        BankBehavior.Outcome outcome = behavior.outcome();
        List<@Nullable Object> values = new ArrayList<>();
        values.add(outcome == null ? null : outcome.code());
        values.add(behavior.callback().code());
        values.add(behavior.callbackDelay().toMillis());
        values.add(behavior.answersQueries());
        values.add(order.state().code());
        values.add(NullableColumns.millis(order.settledAt()));
        values.add(order.callbacks());
        values.add(order.acknowledged());
        values.add(NullableColumns.millis(order.dueAt()));
        return values;
    }

    public static BankOrder order(ResultSet row) throws SQLException {
        Long outcome = NullableColumns.number(row, "outcome");
        return new BankOrder(
                terms(row),
                new BankBehavior(
                        outcome == null ? null : CodedEnum.ofCode(BankBehavior.Outcome.class, outcome.intValue()),
                        CodedEnum.ofCode(BankBehavior.CallbackKind.class, row.getInt("callback")),
                        Duration.ofMillis(row.getLong("callback_delay")),
                        row.getBoolean("answers"),
                        CodedEnum.ofCode(BankBehavior.BillLine.class, row.getInt("bill"))),
                CodedEnum.ofCode(BankOrder.State.class, row.getInt("state")),
                NullableColumns.instant(row, "settled_at"),
                row.getInt("callbacks"),
                row.getBoolean("acknowledged"),
                NullableColumns.instant(row, "due_at"),
                row.getInt("version"));
    }

    private static BankOrder.Terms terms(ResultSet row) throws SQLException {
        return new BankOrder.Terms(
                row.getString("number"),
                row.getString("token"),
                row.getString("trade_no"),
                Money.of(row.getLong("amount"), row.getString("currency")),
                row.getString("subject"),
                row.getString("notify_url"),
                Instant.ofEpochMilli(row.getLong("placed_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                row.getString("refund_of"));
    }
}
