package dev.rung.payments.model;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of a channel account's bill of one day with the payments and refunds here.
 *
 * @param day in the channel's time zone
 * @param finishedAt null until the bill was compared, or the day was given up
 * @param problem why it is not compared; null if nothing is known to be wrong
 * @param report JSON: counts and amounts of both sides, and what was found; null unless it was compared
 * @param suspended JSON: what one side alone has near midnight, to be compared with the next day's bill; null until it was compared
 */
public record StoredReconciliation(
        ReconciliationId id,
        String channel,
        LocalDate day,
        Instant createdAt,
        @Nullable Instant finishedAt,
        @Nullable String problem,
        @Nullable String report,
        @Nullable String suspended) {

    /** Whether the next day can be compared. */
    public boolean isFinished() {
        return finishedAt != null;
    }

    /** Whether it will not be compared. */
    public boolean isGivenUp() {
        return isFinished() && report == null;
    }
}
