package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What follows from {@link RefundEvidence}. */
public sealed interface RefundDecision {
    /** The refund changes its state, by compare-and-set on its version. */
    record Transition(
            RefundState to,
            @Nullable String channelRefundNo,
            @Nullable Instant refundedAt,
            @Nullable String failure) implements RefundDecision {}

    /** The refund keeps its state, and an operator has to look at it. */
    record Discrepancy(DiscrepancyKind kind, String detail) implements RefundDecision {}

    /** Nothing changes. */
    record NoChange() implements RefundDecision {}
}
