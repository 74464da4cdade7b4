package dev.rung.payments.flow;

import dev.rung.core.model.Ladder;
import dev.rung.payments.model.Payment;
import java.time.Duration;
import java.time.Instant;

/**
 * The times of a payment's compensating queries. The ladder's waits run from its creation, with the last one repeated; one query is exactly at its
 * expiry. From the expiry, or from an earlier request to close, the waits start again at the first rung while the order is being closed. A day after
 * the expiry the wait becomes one hour.
 *
 * <p>The rung follows from the time passed, not from a count, so that lost or late queries do not shift it.
 */
record QuerySchedule(Ladder ladder) {
    /** A payment that is not final this long after its expiry becomes a discrepancy. */
    static final Duration UNRESOLVED_AFTER = Duration.ofHours(24);

    private static final Duration WHEN_UNRESOLVED = Duration.ofHours(1);

    /** The time of the first query. */
    Instant first(Instant createdAt, Instant expiresAt) {
        Instant due = createdAt.plus(ladder.steps().getFirst());
        return due.isBefore(expiresAt) ? due : expiresAt;
    }

    /** Whether the order is to be closed: it has expired, or a close was requested. */
    static boolean isClosing(Payment payment, Instant now) {
        return payment.closeRequestedAt() != null || !now.isBefore(payment.expiresAt());
    }

    static boolean isUnresolved(Payment payment, Instant now) {
        return !now.isBefore(payment.expiresAt().plus(UNRESOLVED_AFTER));
    }

    /** The wait from the end of a query to the next one. */
    Duration next(Payment payment, Instant now) {
        if (isUnresolved(payment, now)) {
            return WHEN_UNRESOLVED;
        }
        if (isClosing(payment, now)) {
            return rung(Duration.between(closingSince(payment), now));
        }
        Duration wait = rung(Duration.between(payment.createdAt(), now));
        Duration left = Duration.between(now, payment.expiresAt());
        return wait.compareTo(left) < 0 ? wait : left;
    }

    private static Instant closingSince(Payment payment) {
        Instant requested = payment.closeRequestedAt();
        return requested != null && requested.isBefore(payment.expiresAt()) ? requested : payment.expiresAt();
    }

    /** The wait of the rung that is reached after this time. */
    Duration rung(Duration passed) {
        Duration end = Duration.ZERO;
        for (Duration step : ladder.steps()) {
            end = end.plus(step);
            if (passed.compareTo(end) < 0) {
                return step;
            }
        }
        return ladder.steps().getLast();
    }
}
