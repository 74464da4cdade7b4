package dev.rung.payments.flow;

/** Receives the events of payments. Called by any thread; must return quickly and not throw. */
@FunctionalInterface
public interface PaymentsListener {
    void on(PaymentsEvent event);
}
