package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The consequence of evidence for a refund. */
public sealed interface RefundDecision {
    /** The state changes, under the condition that the version has not changed. */
    record Transition(
            RefundState to,
            @Nullable String channelRefundNo,
            @Nullable Instant refundedAt,
            @Nullable String failure) implements RefundDecision {}

    /** The refund keeps its state, and an operator must resolve the contradiction. */
    record Discrepancy(DiscrepancyKind kind, String detail) implements RefundDecision {}

    /** Nothing changes. */
    record NoChange() implements RefundDecision {}
}
