package dev.rung.payments.flow;

import dev.rung.payments.model.Refund;
import java.time.Duration;
import java.time.Instant;

/**
 * When a refund is queried: the waits of the query ladder from its creation on, the last repeating. A refund that the channel has not confirmed for a day, or
 * not ended a week after its creation, is unresolved and queried every hour. One that needs an approval is checked every hour until it is approved; its times count from then.
 */
record RefundSchedule(QuerySchedule payments) {
    private static final Duration UNCONFIRMED_MAX = Duration.ofHours(24);
    /** Refunds to bank cards take up to some working days. */
    private static final Duration IN_PROGRESS_MAX = Duration.ofDays(7);

    /** The approval makes the query due at once; this is for a crash in between. */
    static final Duration UNTIL_APPROVED = Duration.ofHours(1);

    private static final Duration WHEN_UNRESOLVED = Duration.ofHours(1);

    Instant first(Instant createdAt) {
        return createdAt.plus(payments.ladder().steps().getFirst());
    }

    static boolean isUnresolved(Refund refund, Instant now) {
        Duration max = refund.acceptedAt() == null ? UNCONFIRMED_MAX : IN_PROGRESS_MAX;
        return !now.isBefore(refund.startedAt().plus(max));
    }

    /** The wait from a query that has just ended to the next. */
    Duration next(Refund refund, Instant now) {
        return isUnresolved(refund, now) ? WHEN_UNRESOLVED : payments.rung(Duration.between(refund.startedAt(), now));
    }
}
