package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a channel said about a refund, with a verified signature. Timeouts and unreadable answers are {@link Unknown}, and
 * an unknown refund is {@link NotFound}: neither is a failure.
 */
public sealed interface RefundEvidence {
    /**
     * The payer was refunded.
     *
     * @param channelRefundNo the channel's own number; null if it has none
     */
    record Refunded(
            @Nullable String channelRefundNo,
            Money amount,
            @Nullable Instant refundedAt) implements RefundEvidence {}

    /** The channel has the refund and has not ended it. */
    record Processing() implements RefundEvidence {}

    /** The channel does not accept the refund. This says nothing about an earlier acceptance. */
    record Refused(String reason) implements RefundEvidence {}

    /** An operator declined it before the channel was asked. */
    record NotApproved(String reason) implements RefundEvidence {}

    /** The channel reports that it will not refund the payer. */
    record Failed(String reason) implements RefundEvidence {}

    /** The channel could not pay out, and waits for the operator to decide there. */
    record Stuck(String reason) implements RefundEvidence {}

    /** The channel has no such refund. This says nothing about a request that is still in progress. */
    record NotFound(String reason) implements RefundEvidence {}

    /** The channel has not received the refund, or has not ended it; it does not say which. */
    record NotEnded(String reason) implements RefundEvidence {}

    /** The state at the channel is unknown. */
    record Unknown(String reason) implements RefundEvidence {}
}
