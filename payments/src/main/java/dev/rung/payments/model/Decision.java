package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The consequence of evidence for a payment. */
public sealed interface Decision {
    /**
     * The state changes, under the condition that the version has not changed.
     *
     * @param paid what was paid; null: nothing, or the amount of the order
     */
    record Transition(
            PaymentState to,
            @Nullable String channelTradeNo,
            @Nullable Instant paidAt,
            @Nullable Money paid) implements Decision {
        /** Of a payment that was paid as ordered, or not at all. */
        public Transition(PaymentState to, @Nullable String channelTradeNo, @Nullable Instant paidAt) {
            this(to, channelTradeNo, paidAt, null);
        }
    }

    /** The state does not change, and an operator must resolve the contradiction. */
    record Discrepancy(DiscrepancyKind kind, String detail) implements Decision {}

    /** Nothing changes. */
    record NoChange() implements Decision {}
}
