package dev.rung.payments.flow;

import dev.rung.core.model.Ladder;

/** Payments that write each change by itself on the calling thread, so that a test controls the order. */
public final class UnbatchedPayments {
    private UnbatchedPayments() {}

    /** Replaces the engine. */
    public interface Carrier extends Deliveries {}

    public static Payments payments(Payments.Ports ports, Ladder queryLadder, PaymentsListener listener) {
        return new Payments(ports, queryLadder, listener, PaymentWriter.alone(ports.store()));
    }

    public static void start(Payments payments, Carrier carrier) {
        payments.start(carrier);
    }
}
