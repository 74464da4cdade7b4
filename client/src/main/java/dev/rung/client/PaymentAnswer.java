package dev.rung.client;

/**
 * A payment that was asked for.
 *
 * @param repeated the same was asked for before: this is that payment, as it is now
 */
public record PaymentAnswer(Payment payment, boolean repeated) {}
