package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person must look at.
 *
 * @param subject what it is about, within its kind and channel: the same finding is stored once
 * @param payment null when there is none here
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

    /** How it was ended: what was found, and by whom. */
    public record Resolution(String note, String by, Instant at) {}
}
