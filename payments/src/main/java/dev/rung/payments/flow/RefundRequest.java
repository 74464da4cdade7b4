package dev.rung.payments.flow;

import dev.rung.core.model.Ladder;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's request for a refund.
 *
 * @param payment as it was read a moment ago; the amount of a new refund is in its currency
 * @param approval the approval that is needed before the channel is asked; null if none is
 * @param digest SHA-256 of the request: distinguishes a repetition from another request under the same number
 */
@SuppressWarnings("ArrayRecordComponent") // passed from request to store, compared there
public record RefundRequest(
        Payment payment,
        String outRefundNo,
        Money amount,
        @Nullable String reason,
        @Nullable String notifyUrl,
        Ladder ladder,
        @Nullable String ladderName,
        @Nullable Approval approval,
        byte[] digest) {

    /** One that needs no approval. */
    public RefundRequest(
            Payment payment,
            String outRefundNo,
            Money amount,
            @Nullable String reason,
            @Nullable String notifyUrl,
            Ladder ladder,
            @Nullable String ladderName,
            byte[] digest) {
        this(payment, outRefundNo, amount, reason, notifyUrl, ladder, ladderName, null, digest);
    }

    /** The same request, which another person has to approve. */
    public RefundRequest withApproval(Approval needed) {
        return new RefundRequest(payment, outRefundNo, amount, reason, notifyUrl, ladder, ladderName, needed, digest);
    }
}
