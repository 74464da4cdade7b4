package dev.rung.payments.flow;

/** Is told what happened to payments. Called from any thread, must return quickly and not throw. */
@FunctionalInterface
public interface PaymentsListener {
    void on(PaymentsEvent event);
}
