package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What follows from evidence. */
public sealed interface Decision {
    /** The payment moves, by compare-and-set on its version. */
    record Transition(
            PaymentState to,
            @Nullable String channelTradeNo,
            @Nullable Instant paidAt) implements Decision {}

    /** The payment does not move, and a person must look. */
    record Discrepancy(DiscrepancyKind kind, String detail) implements Decision {}

    /** Nothing changes. */
    record NoChange() implements Decision {}
}
