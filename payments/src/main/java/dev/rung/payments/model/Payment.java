package dev.rung.payments.model;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's order to be paid through a channel. The channel knows it by its id: a merchant's own numbers are unique only with that merchant.
 *
 * @param queryId the record that carries its compensating query up the ladder
 * @param closeRequestedAt when somebody asked to close it before its expiry; null while nobody did
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
     * What the merchant asked for; it never changes.
     *
     * @param outTradeNo the merchant's number, unique with that merchant
     * @param channelOptions for the channel, JSON; null if none were given
     * @param ladderName null for inline steps
     */
    public record Order(
            MerchantId merchantId,
            String outTradeNo,
            Money amount,
            String subject,
            String channel,
            String notifyUrl,
            Ladder ladder,
            @Nullable String ladderName,
            @Nullable String channelOptions) {}

    /**
     * The one decision that callback, query, close and placement all go through. Final states never change; success needs
     * the right amount and currency; nothing is guessed.
     */
    public Decision judge(Evidence evidence) {
        return switch (evidence) {
            case Evidence.Paid paid -> judgePaid(paid);
            case Evidence.Refused(String ignored) ->
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
                    "asked for " + order.amount().text() + ", paid "
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
                                "paid as " + channelTradeNo + ", and again as " + paid.channelTradeNo());
            case FAILED, CLOSED ->
                new Decision.Discrepancy(
                        DiscrepancyKind.PAID_AFTER_CLOSE,
                        "paid as " + paid.channelTradeNo() + " when it was " + state.text());
        };
    }

    /** The same payment, there where evidence took it. */
    public Payment moved(Decision.Transition move) {
        String tradeNo = move.channelTradeNo() == null ? channelTradeNo : move.channelTradeNo();
        Instant paid = move.paidAt() == null ? paidAt : move.paidAt();
        return new Payment(
                id, order, queryId, move.to(), createdAt, expiresAt, closeRequestedAt, payUrl, tradeNo, paid, version);
    }

    /** The same payment, known to be payable there. */
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

    /** The same payment, to be closed before its time; the first wish counts. */
    public Payment withCloseRequested(Instant at) {
        Instant first = closeRequestedAt == null ? at : closeRequestedAt;
        return new Payment(
                id, order, queryId, state, createdAt, expiresAt, first, payUrl, channelTradeNo, paidAt, version);
    }

    /** The same payment as a store keeps it under the next version. */
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
