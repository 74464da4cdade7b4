package dev.rung.channel.gateway;

import dev.rung.payments.model.Payment;
import java.time.Duration;
import java.time.Instant;

/**
 * The expiry sent to a channel when an order is placed. Identical for every placement of a payment: channels accept a repeated order only
 * if it is unchanged.
 *
 * @param until the expiry sent to the channel
 */
public record PaymentWindow(Instant until) {
    /** Channels reject less than one minute. */
    private static final Duration MIN = Duration.ofMinutes(2);

    private static final Duration TOO_SHORT_TO_PLACE = Duration.ofSeconds(65);

    /** Tolerance for the clock difference between the channel and this machine. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    public static PaymentWindow of(Payment payment) {
        Instant min = payment.createdAt().plus(MIN);
        return new PaymentWindow(payment.expiresAt().isBefore(min) ? min : payment.expiresAt());
    }

    /** Whether the channel would still accept a placement; a rejection because of the expiry is no evidence about an earlier placement. */
    public boolean mayBePlaced(Instant now) {
        return now.isBefore(until.minus(TOO_SHORT_TO_PLACE));
    }

    /** Whether the order can no longer be paid, regardless of which placements arrived. */
    public boolean isExpired(Instant now) {
        return now.isAfter(until.plus(GRACE));
    }
}
