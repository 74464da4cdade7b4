package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a payment's timeline. Compensating queries and notification attempts have no entries: they are recorded as attempts of their
 * deliveries.
 *
 * @param id unique, rising with time
 * @param refund the refund it is about; null for the payment itself
 * @param state the new state; null when it did not change
 * @param detail a sentence for users, without secrets
 * @param answer the channel's answer, at most 4 KiB; null when there was none
 */
public record PaymentEvent(
        long id,
        PaymentId payment,
        @Nullable RefundId refund,
        Instant at,
        ChangeSource source,
        @Nullable PaymentState state,
        String detail,
        @Nullable String answer) {

    /** A line about the payment itself. */
    public PaymentEvent(
            long id,
            PaymentId payment,
            Instant at,
            ChangeSource source,
            @Nullable PaymentState state,
            String detail,
            @Nullable String answer) {
        this(id, payment, null, at, source, state, detail, answer);
    }
}
