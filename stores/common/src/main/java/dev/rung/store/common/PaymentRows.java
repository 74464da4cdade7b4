package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which columns make which value of payments. Each list of columns stands above the method that reads it. */
public final class PaymentRows {
    private PaymentRows() {}

    public static final String PAYMENT = """
            id, merchant_id, out_trade_no, amount, currency, subject, channel, notify_url, ladder, ladder_name,
            channel_options, query_id, state, created_at, expires_at, close_requested_at, pay_url, channel_trade_no, paid_at,
            version""";

    public static Payment payment(ResultSet r) throws SQLException {
        return payment(r, 0);
    }

    /** After so many other columns. */
    public static Payment payment(ResultSet r, int others) throws SQLException {
        return new Payment(
                new PaymentId(r.getLong(others + 1)),
                order(r, others),
                new NotificationId(r.getLong(others + 12)),
                CodedEnum.ofCode(PaymentState.class, r.getInt(others + 13)),
                Instant.ofEpochMilli(r.getLong(others + 14)),
                Instant.ofEpochMilli(r.getLong(others + 15)),
                NullableColumns.instant(r, others + 16),
                r.getString(others + 17),
                r.getString(others + 18),
                NullableColumns.instant(r, others + 19),
                r.getInt(others + 20));
    }

    private static Payment.Order order(ResultSet r, int others) throws SQLException {
        return new Payment.Order(
                new MerchantId(r.getLong(others + 2)),
                r.getString(others + 3),
                Money.of(r.getLong(others + 4), r.getString(others + 5)),
                r.getString(others + 6),
                r.getString(others + 7),
                r.getString(others + 8),
                Ladder.parseCompact(r.getString(others + 9)),
                r.getString(others + 10),
                r.getString(others + 11));
    }

    public static final String EVENT = "id, payment_id, at, source, state, detail, answer";

    public static PaymentEvent event(ResultSet r) throws SQLException {
        Long state = NullableColumns.number(r, 5);
        return new PaymentEvent(
                r.getLong(1),
                new PaymentId(r.getLong(2)),
                Instant.ofEpochMilli(r.getLong(3)),
                CodedEnum.ofCode(ChangeSource.class, r.getInt(4)),
                state == null ? null : CodedEnum.ofCode(PaymentState.class, state.intValue()),
                r.getString(6),
                r.getString(7));
    }

    public static final String CALLBACK =
            "c.id, c.channel, c.received_at, c.headers, c.body, c.verified, c.payment_id, c.verdict";

    public static StoredCallback callback(ResultSet r) throws SQLException {
        return new StoredCallback(
                r.getLong(1),
                r.getString(2),
                Instant.ofEpochMilli(r.getLong(3)),
                r.getString(4),
                r.getBytes(5),
                r.getBoolean(6),
                paymentId(r, 7),
                r.getString(8));
    }

    /** How many columns {@link #CALLBACK} has. */
    public static final int CALLBACK_COLUMNS = 8;

    public static final String DISCREPANCY = """
            d.id, d.kind, d.channel, d.subject, d.payment_id, d.detail, d.created_at, d.resolution, d.resolved_by, d.resolved_at""";

    public static StoredDiscrepancy discrepancy(ResultSet r) throws SQLException {
        return discrepancy(r, 0);
    }

    /** After so many other columns. */
    public static StoredDiscrepancy discrepancy(ResultSet r, int others) throws SQLException {
        Instant resolvedAt = NullableColumns.instant(r, others + 10);
        return new StoredDiscrepancy(
                new DiscrepancyId(r.getLong(others + 1)),
                CodedEnum.ofCode(DiscrepancyKind.class, r.getInt(others + 2)),
                r.getString(others + 3),
                r.getString(others + 4),
                paymentId(r, others + 5),
                r.getString(others + 6),
                Instant.ofEpochMilli(r.getLong(others + 7)),
                resolvedAt == null
                        ? null
                        : new StoredDiscrepancy.Resolution(
                                Objects.requireNonNull(r.getString(others + 8)),
                                Objects.requireNonNull(r.getString(others + 9)),
                                resolvedAt));
    }

    private static @Nullable PaymentId paymentId(ResultSet r, int column) throws SQLException {
        Long id = NullableColumns.number(r, column);
        return id == null ? null : new PaymentId(id);
    }
}
