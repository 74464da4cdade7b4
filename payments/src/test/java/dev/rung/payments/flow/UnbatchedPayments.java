package dev.rung.payments.flow;

import dev.rung.core.model.Ladder;

/** Payments that write one thing at a time on the thread that asks, so that a test can decide who goes when. */
public final class UnbatchedPayments {
    private UnbatchedPayments() {}

    /** What stands in for the engine. */
    public interface Carrier extends Deliveries {}

    public static Payments payments(Payments.Ports ports, Ladder queryLadder, PaymentsListener listener) {
        return new Payments(ports, queryLadder, listener, PaymentWriter.alone(ports.store()));
    }

    public static void start(Payments payments, Carrier carrier) {
        payments.start(carrier);
    }
}
