package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a channel said about a payment, with a verified signature. Timeouts and unreadable answers are {@link Unknown}, and an
 * unknown order is {@link NotFound}: neither is a failure.
 */
public sealed interface Evidence {
    /** It is paid. */
    record Paid(
            String channelTradeNo, Money amount, @Nullable Instant paidAt) implements Evidence {}

    /** The channel has the order and waits for the payer. */
    record Unpaid() implements Evidence {}

    /** The channel rejects the placement. This says nothing about an earlier placement of the same order. */
    record Rejected(String reason) implements Evidence {}

    /** The payment failed and will never be paid. */
    record Failed(String reason) implements Evidence {}

    /** The channel has closed the order unpaid. */
    record Closed() implements Evidence {}

    /** The channel has no such order. This says nothing about a placement that is still in progress. */
    record NotFound(String reason) implements Evidence {}

    /** The state at the channel is unknown. */
    record Unknown(String reason) implements Evidence {}
}
