package dev.rung.client;

/**
 * The response to a request for a refund.
 *
 * @param repeated whether the request was repeated, with the current state of the existing refund
 */
public record RefundAnswer(Refund refund, boolean repeated) {}
