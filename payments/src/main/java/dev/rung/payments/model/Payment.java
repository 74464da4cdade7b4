package dev.rung.payments.model;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's order to be paid through a channel. Its id is the order number at the channel, because a merchant's own numbers are unique only per
 * merchant.
 *
 * @param queryId the delivery of its compensating query
 * @param closeRequestedAt when its close was first requested before its expiry; null: never
 * @param funds what was paid and what of it was refunded; refunds change it without raising the version
 * @param version rises with every change; changes are conditional on it
 */
public record Payment(
        PaymentId id,
        Order order,
        NotificationId queryId,
        PaymentState state,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant closeRequestedAt,
        @Nullable String payUrl,
        @Nullable String channelTradeNo,
        @Nullable Instant paidAt,
        Funds funds,
        int version) {

    /**
     * Amounts in minor units of the order's currency.
     *
     * @param paid 0 until it is paid; what was paid after it was closed counts
     * @param refunding of refunds that have not ended
     * @param refunded of refunds that have succeeded
     * @param refundedAfterFailure of refunds that the channel has paid out though they had failed here
     */
    public record Funds(long paid, long refunding, long refunded, long refundedAfterFailure) {
        public static final Funds NONE = new Funds(0, 0, 0);

        public Funds(long paid, long refunding, long refunded) {
            this(paid, refunding, refunded, 0);
        }

        /** What can still be refunded; never negative. */
        public long refundable() {
            return Math.max(0, paid - refunding - refunded - refundedAfterFailure);
        }

        Funds withPaid(long amount) {
            return new Funds(amount, refunding, refunded, refundedAfterFailure);
        }
    }

    /**
     * The merchant's request; immutable.
     *
     * @param outTradeNo the merchant's number, unique per merchant
     * @param notifyUrl null: the merchant's
     * @param channelOptions for the channel, JSON; null if none were given
     * @param ladderName null for inline steps
     */
    public record Order(
            MerchantId merchantId,
            String outTradeNo,
            Money amount,
            String subject,
            String channel,
            @Nullable String notifyUrl,
            Ladder ladder,
            @Nullable String ladderName,
            @Nullable String channelOptions) {}

    /**
     * Decides the consequence of evidence, for callbacks, queries, closes and placements alike. Final states never change; success requires the
     * same amount and currency; unknown evidence changes nothing.
     */
    public Decision judge(Evidence evidence) {
        return switch (evidence) {
            case Evidence.Paid paid -> judgePaid(paid);
            case Evidence.Rejected(String ignored) ->
                state == PaymentState.CREATED ? moveTo(PaymentState.FAILED) : new Decision.NoChange();
            case Evidence.Failed(String ignored) ->
                state.isFinal() ? new Decision.NoChange() : moveTo(PaymentState.FAILED);
            case Evidence.Closed() -> state.isFinal() ? new Decision.NoChange() : moveTo(PaymentState.CLOSED);
            case Evidence.Unpaid() ->
                state == PaymentState.CREATED ? moveTo(PaymentState.PAYING) : new Decision.NoChange();
            case Evidence.NotFound(String ignored) -> new Decision.NoChange();
            case Evidence.Unknown(String ignored) -> new Decision.NoChange();
        };
    }

    private Decision judgePaid(Evidence.Paid paid) {
        if (!paid.amount().equals(order.amount())) {
            return new Decision.Discrepancy(
                    DiscrepancyKind.AMOUNT_MISMATCH,
                    "requested " + order.amount().text() + ", paid "
                            + paid.amount().text());
        }
        return switch (state) {
            case CREATED, PAYING ->
                new Decision.Transition(PaymentState.SUCCEEDED, paid.channelTradeNo(), paid.paidAt());
            case SUCCEEDED ->
                Objects.equals(channelTradeNo, paid.channelTradeNo())
                        ? new Decision.NoChange()
                        : new Decision.Discrepancy(
                                DiscrepancyKind.PAID_TWICE,
                                "paid as " + channelTradeNo + " and again as " + paid.channelTradeNo());
            case FAILED, CLOSED ->
                new Decision.Discrepancy(
                        DiscrepancyKind.PAID_AFTER_CLOSE,
                        "paid as " + paid.channelTradeNo() + " after it was " + state.text());
        };
    }

    /** The same payment after a transition. */
    public Payment moved(Decision.Transition move) {
        String tradeNo = move.channelTradeNo() == null ? channelTradeNo : move.channelTradeNo();
        Instant paid = move.paidAt() == null ? paidAt : move.paidAt();
        Funds after = move.to() == PaymentState.SUCCEEDED
                ? funds.withPaid(order.amount().value())
                : funds;
        return new Payment(
                id,
                order,
                queryId,
                move.to(),
                createdAt,
                expiresAt,
                closeRequestedAt,
                payUrl,
                tradeNo,
                paid,
                after,
                version);
    }

    /** The same payment, its amount received though it was closed or had failed: it can be refunded. */
    public Payment withLatePayment() {
        return new Payment(
                id,
                order,
                queryId,
                state,
                createdAt,
                expiresAt,
                closeRequestedAt,
                payUrl,
                channelTradeNo,
                paidAt,
                funds.withPaid(order.amount().value()),
                version);
    }

    /** The same payment with this payment URL. */
    public Payment withPayUrl(String url) {
        return new Payment(
                id,
                order,
                queryId,
                state,
                createdAt,
                expiresAt,
                closeRequestedAt,
                url,
                channelTradeNo,
                paidAt,
                funds,
                version);
    }

    /** The same payment with a requested close; an earlier request keeps its time. */
    public Payment withCloseRequested(Instant at) {
        Instant first = closeRequestedAt == null ? at : closeRequestedAt;
        return new Payment(
                id, order, queryId, state, createdAt, expiresAt, first, payUrl, channelTradeNo, paidAt, funds, version);
    }

    /** The same payment with the version that the store gives it. */
    public Payment withNextVersion() {
        return new Payment(
                id,
                order,
                queryId,
                state,
                createdAt,
                expiresAt,
                closeRequestedAt,
                payUrl,
                channelTradeNo,
                paidAt,
                funds,
                version + 1);
    }

    private static Decision moveTo(PaymentState to) {
        return new Decision.Transition(to, null, null);
    }
}
