package dev.rung.payments.flow;

import dev.rung.core.model.Ladder;
import dev.rung.payments.model.Payment;
import java.time.Duration;
import java.time.Instant;

/**
 * When to ask about a payment. The ladder's waits run from its creation, the last repeating, and are cut so that a query falls at its expiry; from there (or
 * from the wish to close it) the same waits run anew while the channel closes it; a day after its expiry it is asked about every hour.
 *
 * <p>The rung is told by the time that has passed, not by counting: a query that a crash cut off, or that came late, changes nothing.
 */
record QuerySchedule(Ladder ladder) {
    /** What is not certain for so long after its expiry needs a person. */
    static final Duration UNRESOLVED_AFTER = Duration.ofHours(24);

    private static final Duration WHEN_UNRESOLVED = Duration.ofHours(1);

    /** The first query of a payment. */
    Instant first(Instant createdAt, Instant expiresAt) {
        Instant due = createdAt.plus(ladder.steps().getFirst());
        return due.isBefore(expiresAt) ? due : expiresAt;
    }

    /** Whether it is to be closed now, by its age or by somebody's wish. */
    static boolean isClosing(Payment payment, Instant now) {
        return payment.closeRequestedAt() != null || !now.isBefore(payment.expiresAt());
    }

    static boolean isUnresolved(Payment payment, Instant now) {
        return !now.isBefore(payment.expiresAt().plus(UNRESOLVED_AFTER));
    }

    /** The wait from a query that has just ended to the next. */
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
        Instant wish = payment.closeRequestedAt();
        return wish != null && wish.isBefore(payment.expiresAt()) ? wish : payment.expiresAt();
    }

    /** The wait that follows the last one whose end has been reached. */
    private Duration rung(Duration passed) {
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
