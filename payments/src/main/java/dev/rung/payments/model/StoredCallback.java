package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A callback as it came, with what was made of it.
 *
 * @param headers one {@code name: value} a line, as far as they matter to the signature
 * @param body at most 64 KiB
 * @param verified whether signature and addressee were right
 * @param payment the payment it spoke of; null when it was not verified, or there is none here
 * @param verdict a sentence for a person
 */
@SuppressWarnings("ArrayRecordComponent") // kept as it came, compared by nobody
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

    /** The same callback, known to speak of this payment, and what was made of it. */
    public StoredCallback about(PaymentId of, String newVerdict) {
        return new StoredCallback(id, channel, receivedAt, headers, body, verified, of, newVerdict);
    }
}
