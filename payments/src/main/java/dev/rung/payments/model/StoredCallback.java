package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A callback as received, with its result.
 *
 * @param headers one {@code name: value} per line, limited to those that the signature depends on
 * @param body at most 64 KiB
 * @param verified whether signature and addressee were correct
 * @param payment the payment that it reports; null when it was not verified, or the order is unknown
 * @param verdict a sentence for users
 */
@SuppressWarnings("ArrayRecordComponent") // stored as received, never compared
public record StoredCallback(
        long id,
        String channel,
        Instant receivedAt,
        String headers,
        byte[] body,
        boolean verified,
        @Nullable PaymentId payment,
        String verdict) {
    public static final int BODY_BYTES_MAX = 64 * 1024;

    /** The same callback, assigned to this payment, with this verdict. */
    public StoredCallback about(PaymentId of, String newVerdict) {
        return new StoredCallback(id, channel, receivedAt, headers, body, verified, of, newVerdict);
    }
}
