package dev.rung.payments.flow;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;

/** The result of a {@link RefundRequest}. */
public sealed interface RefundResult {
    /** It is stored: ended, or {@code processing}; the compensating query continues. */
    record Accepted(Refund refund) implements RefundResult {}

    /** The merchant made the same request before. */
    record Repeated(Refund first) implements RefundResult {}

    /** The merchant used this number for another request; nothing is stored. */
    record Conflicting(Refund first) implements RefundResult {}

    /** It is more than can still be refunded; nothing is stored. */
    record Exceeding(Payment payment) implements RefundResult {}
}
