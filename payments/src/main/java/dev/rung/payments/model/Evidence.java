package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a channel says of a payment, believed only because its signature was verified. Time-outs, "not found" and garbage are {@link Unknown}: never
 * a failure.
 */
public sealed interface Evidence {
    /** It is paid: so much, then. */
    record Paid(
            String channelTradeNo, Money amount, @Nullable Instant paidAt) implements Evidence {}

    /** The channel knows it and waits for the payer. */
    record Unpaid() implements Evidence {}

    /** The channel will not take the order: says nothing of one that it has taken before. */
    record Refused(String reason) implements Evidence {}

    /** The channel says that it will never be paid. */
    record Failed(String reason) implements Evidence {}

    /** The channel has closed it unpaid. */
    record Closed() implements Evidence {}

    /** Nothing can be said. */
    record Unknown(String reason) implements Evidence {}
}
