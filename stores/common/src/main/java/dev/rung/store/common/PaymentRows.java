package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.TraceParent;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.model.SubMerchant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Row mapping for payments. Each column list is declared above the method that reads it. */
public final class PaymentRows {
    private PaymentRows() {}

    public static final String PAYMENT = """
            id, merchant_id, out_trade_no, amount, currency, subject, channel, notify_url, ladder, ladder_name,
            channel_options, method, return_url, payer_ip, payer_id, attach, sub_merchant, traceparent, query_id, state, created_at, expires_at,
            close_requested_at, pay_url, pay_params, problem, channel_trade_no, paid_at, version, amount_paid""";

    /** All columns of a payment: {@link #PAYMENT} are those that are inserted. */
    public static final String PAYMENT_READ =
            PAYMENT + ", amount_refunding, amount_refunded, amount_refunded_after_failure";

    public static Payment payment(ResultSet r) throws SQLException {
        return new Payment(
                new PaymentId(r.getLong("id")),
                order(r),
                new NotificationId(r.getLong("query_id")),
                CodedEnum.ofCode(PaymentState.class, r.getInt("state")),
                Instant.ofEpochMilli(r.getLong("created_at")),
                Instant.ofEpochMilli(r.getLong("expires_at")),
                NullableColumns.instant(r, "close_requested_at"),
                new Payment.Access(r.getString("pay_url"), r.getString("pay_params"), r.getString("problem")),
                r.getString("channel_trade_no"),
                NullableColumns.instant(r, "paid_at"),
                new Payment.Funds(
                        r.getLong("amount_paid"),
                        r.getLong("amount_refunding"),
                        r.getLong("amount_refunded"),
                        r.getLong("amount_refunded_after_failure")),
                r.getInt("version"));
    }

    private static Payment.Order order(ResultSet r) throws SQLException {
        return new Payment.Order(
                new MerchantId(r.getLong("merchant_id")),
                r.getString("out_trade_no"),
                Money.of(r.getLong("amount"), r.getString("currency")),
                r.getString("subject"),
                r.getString("channel"),
                r.getString("notify_url"),
                Ladder.parseCompact(r.getString("ladder")),
                r.getString("ladder_name"),
                r.getString("channel_options"),
                new Payment.Checkout(
                        CodedEnum.ofCode(PaymentMethod.class, r.getInt("method")),
                        r.getString("return_url"),
                        r.getString("payer_ip"),
                        r.getString("payer_id"),
                        r.getString("attach")),
                SubMerchant.parse(r.getString("sub_merchant")),
                TraceParent.parse(r.getString("traceparent")));
    }

    public static final String EVENT = "id, payment_id, refund_id, at, source, state, detail, answer";

    public static PaymentEvent event(ResultSet r) throws SQLException {
        Long state = NullableColumns.number(r, "state");
        Long refund = NullableColumns.number(r, "refund_id");
        return new PaymentEvent(
                r.getLong("id"),
                new PaymentId(r.getLong("payment_id")),
                refund == null ? null : new RefundId(refund),
                Instant.ofEpochMilli(r.getLong("at")),
                CodedEnum.ofCode(ChangeSource.class, r.getInt("source")),
                state == null ? null : CodedEnum.ofCode(PaymentState.class, state.intValue()),
                r.getString("detail"),
                r.getString("answer"));
    }

    /** Columns of {@code payment_callback c}. */
    public static final String CALLBACK = """
            c.id AS callback_id, c.channel AS callback_channel, c.payment_id AS callback_payment_id, c.received_at, c.headers, c.body,
            c.verified, c.verdict""";

    public static StoredCallback callback(ResultSet r) throws SQLException {
        return new StoredCallback(
                r.getLong("callback_id"),
                r.getString("callback_channel"),
                Instant.ofEpochMilli(r.getLong("received_at")),
                r.getString("headers"),
                r.getBytes("body"),
                r.getBoolean("verified"),
                paymentId(r, "callback_payment_id"),
                r.getString("verdict"));
    }

    /** Columns of {@code discrepancy d}. */
    public static final String DISCREPANCY = """
            d.id, d.kind, d.channel, d.subject, d.payment_id, d.detail, d.created_at,
            """ + DiscrepancyRows.COLUMNS;

    /** Parameters: a payment, an id and a limit. */
    public static final String DISCREPANCIES_OF_PAYMENT = "SELECT " + DISCREPANCY
            + " FROM discrepancy d WHERE d.payment_id = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?";

    /** The same; open ones only. */
    public static final String OPEN_DISCREPANCIES_OF_PAYMENT = "SELECT " + DISCREPANCY
            + " FROM discrepancy d WHERE d.payment_id = ? AND d.resolved_at IS NULL AND d.id < ? ORDER BY d.id DESC LIMIT ?";

    /** Parameters: an id. */
    public static final String FIND_DISCREPANCY = "SELECT " + DISCREPANCY + " FROM discrepancy d WHERE d.id = ?";

    public static StoredDiscrepancy discrepancy(ResultSet r) throws SQLException {
        return new StoredDiscrepancy(
                new DiscrepancyId(r.getLong("id")),
                CodedEnum.ofCode(DiscrepancyKind.class, r.getInt("kind")),
                r.getString("channel"),
                r.getString("subject"),
                paymentId(r, "payment_id"),
                r.getString("detail"),
                Instant.ofEpochMilli(r.getLong("created_at")),
                DiscrepancyRows.request(r),
                DiscrepancyRows.resolution(r));
    }

    private static @Nullable PaymentId paymentId(ResultSet r, String column) throws SQLException {
        Long id = NullableColumns.number(r, column);
        return id == null ? null : new PaymentId(id);
    }
}
