package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * What a producer asks to be delivered, checked and with every default filled in, not yet stored.
 *
 * @param dueAt when its first attempt is due, epoch milliseconds
 * @param place {@link Place#QUEUED}, or {@link Place#FAR} when it is due beyond the queue's horizon
 * @param ladderName the name it was chosen by; null for inline steps
 */
@SuppressWarnings("ArrayRecordComponent") // goes from socket to store; nobody compares it
public record NewNotification(
        NotificationId id,
        MerchantId merchantId,
        Owed.Content content,
        byte[] payload,
        Ladder ladder,
        @Nullable String ladderName,
        boolean ordered,
        long dueAt,
        Place place,
        @Nullable Idempotency idempotency) {

    public static final int PAYLOAD_BYTES_MAX = 256 * 1024;

    /**
     * The producer's key, and a digest of the request's bytes that tells a repetition from another request under the
     * same key.
     *
     * @param key 1 to 255 characters
     * @param bodyDigest SHA-256
     */
    public record Idempotency(String key, byte[] bodyDigest) {
        public static final int KEY_LENGTH_MAX = 255;
    }
}
