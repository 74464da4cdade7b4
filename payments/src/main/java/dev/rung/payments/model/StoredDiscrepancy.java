package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A contradiction that an operator resolves.
 *
 * @param subject identifies it within its kind and channel, so that the same one is stored once
 * @param payment null when the order is unknown
 * @param request waits for another person's approval; null if none does
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
        @Nullable AcceptRequest request,
        @Nullable Resolution resolution) {

    /** Without a request for approval. */
    public StoredDiscrepancy(
            DiscrepancyId id,
            DiscrepancyKind kind,
            String channel,
            String subject,
            @Nullable PaymentId payment,
            String detail,
            Instant createdAt,
            @Nullable Resolution resolution) {
        this(id, kind, channel, subject, payment, detail, createdAt, null, resolution);
    }

    /**
     * How and by whom a discrepancy was resolved.
     *
     * @param accepted how it was settled by what the channel proved; null if only the note was recorded
     */
    public record Resolution(
            String note, String by, Instant at, @Nullable Acceptance accepted) {
        /** With a note only. */
        public Resolution(String note, String by, Instant at) {
            this(note, by, at, null);
        }
    }

    /**
     * The right to settle a discrepancy: until it ends, the discrepancy cannot be resolved otherwise.
     *
     * @param approved whether another person approves a request for the same; otherwise none may wait
     * @param until when the settlement counts as interrupted; the same settlement may be claimed again at any time
     */
    public record Claim(Acceptance acceptance, boolean approved, Instant at, Instant until) {}

    /** A request to settle a discrepancy, which another person has to approve. */
    public record AcceptRequest(Acceptance acceptance, String note, Approver by, Instant at) {}
}
