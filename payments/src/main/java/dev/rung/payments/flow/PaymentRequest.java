package dev.rung.payments.flow;

import dev.rung.core.model.TraceParent;
import dev.rung.payments.model.Payment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's request for a payment.
 *
 * @param order at a channel of this server, with options that the channel accepts
 * @param digest SHA-256 of the request: distinguishes a repetition from another request with the same number
 * @param authCode the payer's code of a barcode payment; only kept in memory
 */
@SuppressWarnings("ArrayRecordComponent") // passed from request to store, compared there
public record PaymentRequest(
        Payment.Order order,
        Duration expiresIn,
        byte[] digest,
        @Nullable String authCode) {

    /** A request without a payer's code. */
    public PaymentRequest(Payment.Order order, Duration expiresIn, byte[] digest) {
        this(order, expiresIn, digest, null);
    }

    public PaymentRequest withTrace(@Nullable TraceParent trace) {
        return new PaymentRequest(order.withTrace(trace), expiresIn, digest, authCode);
    }

    /** Omits the payer's code. */
    @Override
    public String toString() {
        return "PaymentRequest[" + order + " for " + expiresIn + "]";
    }
}
