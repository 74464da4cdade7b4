package dev.rung.channel.gateway;

import dev.rung.payments.model.Payment;
import java.time.Duration;
import java.time.Instant;

/**
 * Until when an order can be paid at a channel that is told so when the order is placed. The same for every placement of one payment: channels take a
 * repeated order only if it says the same.
 *
 * @param until told to the channel
 */
public record PaymentWindow(Instant until) {
    /** Channels refuse less than a minute. */
    private static final Duration MIN = Duration.ofMinutes(2);

    private static final Duration TOO_SHORT_TO_PLACE = Duration.ofSeconds(65);

    /** For the clocks of the channel and of this machine to differ. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    public static PaymentWindow of(Payment payment) {
        Instant min = payment.createdAt().plus(MIN);
        return new PaymentWindow(payment.expiresAt().isBefore(min) ? min : payment.expiresAt());
    }

    /** Whether the channel would still take it; a refusal because it is late says nothing of an earlier placement. */
    public boolean mayBePlaced(Instant now) {
        return now.isBefore(until.minus(TOO_SHORT_TO_PLACE));
    }

    /** Whether nobody can pay it any more, whichever of its placements arrived. */
    public boolean isOver(Instant now) {
        return now.isAfter(until.plus(GRACE));
    }
}
