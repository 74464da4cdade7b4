package dev.rung.payments.flow;

import dev.rung.payments.model.Payment;
import java.time.Duration;

/**
 * A merchant's request for a payment.
 *
 * @param order at a channel of this server, with options that the channel accepts
 * @param digest SHA-256 of the request: distinguishes a repetition from another request with the same number
 */
@SuppressWarnings("ArrayRecordComponent") // passed from request to store, compared there
public record PaymentRequest(Payment.Order order, Duration expiresIn, byte[] digest) {}
