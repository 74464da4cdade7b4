package dev.rung.payments.flow;

import dev.rung.payments.model.Payment;

/** The result of a {@link PaymentRequest}. */
public sealed interface PlaceResult {
    /** It is stored: payable, or still {@code created} if the channel has not answered in time; the compensating query continues. */
    record Accepted(Payment payment) implements PlaceResult {}

    /** The merchant made the same request before. */
    record Repeated(Payment first) implements PlaceResult {}

    /** The merchant used this number for another request; nothing is stored. */
    record Conflicting(Payment first) implements PlaceResult {}
}
