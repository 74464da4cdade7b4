package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a payment's story. Compensating queries and notification attempts are not among them: their records are the attempts of the
 * query's and the notifications' own.
 *
 * @param id unique, rising with time
 * @param state where the payment stood from then on; null when it did not move
 * @param detail a sentence for a person, without secrets
 * @param answer what the channel said, at most 4 KiB; null when it said nothing
 */
public record PaymentEvent(
        long id,
        PaymentId payment,
        Instant at,
        ChangeSource source,
        @Nullable PaymentState state,
        String detail,
        @Nullable String answer) {}
