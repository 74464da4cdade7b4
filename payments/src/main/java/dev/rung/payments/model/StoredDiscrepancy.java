package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A contradiction that an operator resolves.
 *
 * @param subject identifies it within its kind and channel, so that the same one is stored once
 * @param payment null when the order is unknown
 * @param resolution null while it is open
 */
public record StoredDiscrepancy(
        DiscrepancyId id,
        DiscrepancyKind kind,
        String channel,
        String subject,
        @Nullable PaymentId payment,
        String detail,
        Instant createdAt,
        @Nullable Resolution resolution) {

    /** How and by whom a discrepancy was resolved. */
    public record Resolution(String note, String by, Instant at) {}
}
