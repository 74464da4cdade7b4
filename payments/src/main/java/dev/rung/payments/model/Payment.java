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
        int version) {

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
        return new Payment(
                id, order, queryId, move.to(), createdAt, expiresAt, closeRequestedAt, payUrl, tradeNo, paid, version);
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
                version);
    }

    /** The same payment with a requested close; an earlier request keeps its time. */
    public Payment withCloseRequested(Instant at) {
        Instant first = closeRequestedAt == null ? at : closeRequestedAt;
        return new Payment(
                id, order, queryId, state, createdAt, expiresAt, first, payUrl, channelTradeNo, paidAt, version);
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
                version + 1);
    }

    private static Decision moveTo(PaymentState to) {
        return new Decision.Transition(to, null, null);
    }
}
