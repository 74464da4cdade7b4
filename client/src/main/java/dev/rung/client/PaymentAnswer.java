package dev.rung.client;

/**
 * The response to a request for a payment.
 *
 * @param repeated whether the request was repeated, with the current state of the existing payment
 */
public record PaymentAnswer(Payment payment, boolean repeated) {}
