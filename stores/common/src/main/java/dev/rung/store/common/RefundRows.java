package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.port.RefundStore.NewRefund;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refunds: their columns, and the statements, each with its parameters. */
public final class RefundRows {
    private static final String COLUMNS = """
            id, payment_id, merchant_id, query_id, out_trade_no, channel, out_refund_no, channel_number, amount, currency, reason,
            notify_url, ladder, ladder_name, state, created_at, requested_at, accepted_at, channel_refund_no, refunded_at, failure,
            refunded_after_failure, approval_asked_by, approval_asked_by_id, approved_by, approved_at, version""";

    /** Parameters: {@link #all}. */
    public static final String INSERT = "INSERT INTO refund (" + COLUMNS + """
            , request_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    /** The same; inserts nothing if the number or the id is in use. */
    public static final String INSERT_IF_NEW = INSERT + " ON CONFLICT DO NOTHING";

    /** Parameters: an id. */
    public static final String FIND = "SELECT " + COLUMNS + " FROM refund WHERE id = ?";

    /** Parameters: a merchant's number and the merchant. */
    public static final String FIND_BY_NUMBER =
            "SELECT " + COLUMNS + ", request_digest FROM refund WHERE out_refund_no = ? AND merchant_id = ?";

    /** Parameters: a channel's number and the payment. */
    public static final String FIND_CHANNEL_MADE =
            "SELECT " + COLUMNS + ", request_digest FROM refund WHERE channel_number = ? AND payment_id = ?";

    /** Whether a refund of a channel account has not ended. Parameter: the account's name. */
    public static final String OPEN = CodedSql.of(
            "SELECT 1 FROM refund WHERE channel = ? AND state = {RefundState.PROCESSING} LIMIT 1",
            List.of(RefundState.class));

    /** Parameters: a channel account, the time's limits, an id and a limit. */
    public static final String REFUNDED = CodedSql.of("SELECT " + COLUMNS + """
             FROM refund
            WHERE state = {RefundState.SUCCEEDED} AND channel = ? AND refunded_at >= ? AND refunded_at < ? AND id > ?
            ORDER BY id LIMIT ?""", List.of(RefundState.class));

    /** Parameters: a payment, an id and a limit. */
    public static final String LIST =
            "SELECT " + COLUMNS + " FROM refund WHERE payment_id = ? AND id < ? ORDER BY id DESC LIMIT ?";

    /** Those that wait for another person's approval. Parameters: an id and a limit. */
    static final String WAITING = CodedSql.of("SELECT " + COLUMNS + """
             FROM refund
            WHERE state = {RefundState.PROCESSING} AND approved_at IS NULL AND approval_asked_by IS NOT NULL AND id < ?
            ORDER BY id DESC LIMIT ?""", List.of(RefundState.class));

    /** Parameters: {@link #change}. */
    public static final String CHANGE = """
            UPDATE refund
               SET state = ?, requested_at = ?, accepted_at = ?, channel_refund_no = ?, refunded_at = ?, failure = ?,
                   refunded_after_failure = ?, approved_by = ?, approved_at = ?, version = version + 1
             WHERE id = ? AND version = ?""";

    /**
     * Parameters: {@link #count}. The version rises unless the payment has succeeded, as only then no decision about it depends on its refunds. {@code %s} is the database's function for the greater of two numbers.
     */
    private static final String COUNT = CodedSql.of("""
            UPDATE payment
               SET amount_refunding = amount_refunding + ?, amount_refunded = amount_refunded + ?,
                   amount_refunded_after_failure = amount_refunded_after_failure + ?,
                   timeline_until = CASE WHEN state IN ({PaymentState.SUCCEEDED}, {PaymentState.FAILED}, {PaymentState.CLOSED})
                                         THEN %s(coalesce(timeline_until, 0), ?) ELSE timeline_until END,
                   version = version + CASE WHEN state = {PaymentState.SUCCEEDED} THEN 0 ELSE 1 END
             WHERE id = ?""");

    private RefundRows() {}

    /**
     * The statement that takes {@link #count}.
     *
     * @param greatest the database's function for the greater of two numbers
     */
    public static String countWith(String greatest) {
        return COUNT.formatted(greatest);
    }

    public static @Nullable Object[] all(NewRefund item) {
        Refund refund = item.refund();
        Refund.Terms terms = refund.terms();
        return new @Nullable Object[] {
            refund.id().value(),
            terms.payment().value(),
            terms.merchantId().value(),
            refund.queryId() == null ? null : refund.queryId().value(),
            terms.outTradeNo(),
            terms.channel(),
            terms.outRefundNo(),
            terms.channelNumber(),
            terms.amount().value(),
            terms.amount().currency().getCurrencyCode(),
            terms.reason(),
            terms.notifyUrl(),
            terms.ladder().compact(),
            terms.ladderName(),
            refund.state().code(),
            refund.createdAt().toEpochMilli(),
            NullableColumns.millis(refund.requestedAt()),
            NullableColumns.millis(refund.acceptedAt()),
            refund.channelRefundNo(),
            NullableColumns.millis(refund.refundedAt()),
            refund.failure(),
            refund.refundedAfterFailure(),
            refund.approval() == null ? null : refund.approval().requestedBy(),
            refund.approval() == null ? null : refund.approval().requestedById(),
            approvedBy(refund),
            approvedAt(refund),
            refund.version(),
            item.requestDigest()
        };
    }

    public static @Nullable Object[] change(Refund before, Refund after) {
        return new @Nullable Object[] {
            after.state().code(),
            NullableColumns.millis(after.requestedAt()),
            NullableColumns.millis(after.acceptedAt()),
            after.channelRefundNo(),
            NullableColumns.millis(after.refundedAt()),
            after.failure(),
            after.refundedAfterFailure(),
            approvedBy(after),
            approvedAt(after),
            before.id().value(),
            before.version()
        };
    }

    private static @Nullable String approvedBy(Refund refund) {
        return refund.approval() == null ? null : refund.approval().approvedBy();
    }

    private static @Nullable Long approvedAt(Refund refund) {
        return refund.approval() == null
                ? null
                : NullableColumns.millis(refund.approval().approvedAt());
    }

    /**
     * The change of a payment's amounts with its refund, and of the time until which its timeline is kept.
     *
     * @param before null: it is new
     * @param eventAt when the latest line of the timeline was written, epoch milliseconds
     */
    public static @Nullable Object[] count(@Nullable Refund before, Refund after, long eventAt) {
        long amount = after.terms().amount().value();
        return new @Nullable Object[] {
            amount * (times(after, RefundState.PROCESSING) - times(before, RefundState.PROCESSING)),
            amount * (times(after, RefundState.SUCCEEDED) - times(before, RefundState.SUCCEEDED)),
            amount * (timesAfterFailure(after) - timesAfterFailure(before)),
            eventAt,
            after.terms().payment().value()
        };
    }

    private static long times(@Nullable Refund refund, RefundState counted) {
        return refund != null && refund.state() == counted ? 1 : 0;
    }

    private static long timesAfterFailure(@Nullable Refund refund) {
        return refund != null && refund.refundedAfterFailure() ? 1 : 0;
    }

    public static Refund refund(ResultSet r) throws SQLException {
        Long query = NullableColumns.number(r, "query_id");
        return new Refund(
                new RefundId(r.getLong("id")),
                new Refund.Terms(
                        new PaymentId(r.getLong("payment_id")),
                        new MerchantId(r.getLong("merchant_id")),
                        r.getString("out_trade_no"),
                        r.getString("channel"),
                        r.getString("out_refund_no"),
                        r.getString("channel_number"),
                        Money.of(r.getLong("amount"), r.getString("currency")),
                        r.getString("reason"),
                        r.getString("notify_url"),
                        Ladder.parseCompact(r.getString("ladder")),
                        r.getString("ladder_name")),
                query == null ? null : new NotificationId(query),
                CodedEnum.ofCode(RefundState.class, r.getInt("state")),
                Instant.ofEpochMilli(r.getLong("created_at")),
                NullableColumns.instant(r, "requested_at"),
                NullableColumns.instant(r, "accepted_at"),
                r.getString("channel_refund_no"),
                NullableColumns.instant(r, "refunded_at"),
                r.getString("failure"),
                r.getBoolean("refunded_after_failure"),
                approval(r),
                r.getInt("version"));
    }

    private static @Nullable Approval approval(ResultSet r) throws SQLException {
        String askedBy = r.getString("approval_asked_by");
        return askedBy == null
                ? null
                : new Approval(
                        askedBy,
                        r.getString("approval_asked_by_id"),
                        r.getString("approved_by"),
                        NullableColumns.instant(r, "approved_at"));
    }
}
