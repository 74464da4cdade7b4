package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * What a producer asks to be delivered, checked and with every default filled in, not yet stored.
 *
 * @param dueAt when its first attempt is due, epoch milliseconds
 * @param wakeLocation {@link WakeLocation#QUEUED}, or {@link WakeLocation#FAR} when it is due beyond the queue's horizon
 * @param channel the channel account that is queried; null for a notification
 * @param ladderName the name it was chosen by; null for inline steps
 */
@SuppressWarnings("ArrayRecordComponent") // goes from socket to store; nobody compares it
public record NewNotification(
        NotificationId id,
        MerchantId merchantId,
        @Nullable String channel,
        Delivery.Content content,
        byte[] payload,
        Ladder ladder,
        @Nullable String ladderName,
        boolean ordered,
        long dueAt,
        WakeLocation wakeLocation,
        @Nullable Idempotency idempotency) {

    public static final int PAYLOAD_BYTES_MAX = 256 * 1024;
    /** The number of a new notification's first wake: every store begins there. */
    public static final int FIRST_WAKE = 1;

    public Wake firstWake() {
        return new Wake(id, FIRST_WAKE, dueAt);
    }

    public DeliveryKind kind() {
        return channel == null ? DeliveryKind.NOTIFICATION : DeliveryKind.CHANNEL_QUERY;
    }

    /** The record as it stands right after it was stored, for one that has no predecessor. */
    public Delivery asOwed() {
        return new Delivery(
                id,
                merchantId,
                channel,
                FIRST_WAKE,
                NotificationState.WAITING,
                wakeLocation,
                dueAt,
                0,
                0,
                ladder,
                false,
                ordered,
                false,
                content,
                payload.length <= Delivery.PAYLOAD_INLINE_MAX ? payload : null);
    }

    /**
     * The producer's key, and a digest of the notification that distinguishes a repetition from another notification under the
     * same key.
     *
     * @param key 1 to 255 characters
     * @param bodyDigest SHA-256
     */
    public record Idempotency(String key, byte[] bodyDigest) {
        public static final int KEY_LENGTH_MAX = 255;
    }
}
