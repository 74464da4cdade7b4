package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a channel says of a refund, after its signature was verified. Time-outs, "not found" and unreadable answers are {@link Unknown}, never a failure.
 */
public sealed interface RefundEvidence {
    /**
     * The money went back to the payer.
     *
     * @param channelRefundNo the channel's own number; null if it has none
     */
    record Refunded(
            @Nullable String channelRefundNo,
            Money amount,
            @Nullable Instant refundedAt) implements RefundEvidence {}

    /** The channel has the refund and has not ended it. */
    record Processing() implements RefundEvidence {}

    /** The channel does not accept the refund. Says nothing of one that it has accepted before. */
    record Refused(String reason) implements RefundEvidence {}

    /** The channel says that the money will not go back. */
    record Failed(String reason) implements RefundEvidence {}

    /** The channel could not pay out, and waits for the operator to decide there. */
    record Stuck(String reason) implements RefundEvidence {}

    /** Nothing can be said. */
    record Unknown(String reason) implements RefundEvidence {}
}
