package dev.rung.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A notification with its id, valid and complete, before it is stored.
 *
 * @param receiver see {@link Delivery}
 * @param urgent see {@link Delivery}
 * @param dueAt when its first attempt is due, epoch milliseconds
 * @param wakeLocation {@link WakeLocation#QUEUED}, or {@link WakeLocation#DEFERRED} when it is due beyond the queue's horizon
 * @param channel the channel account that is queried, or {@link DeliveryKind#ALERTS}; null for a notification
 * @param ladderName null for inline steps
 * @param also further notifications of its event, to other receivers of the merchant: they are stored if and only if this one is
 */
@SuppressWarnings("ArrayRecordComponent") // passed from socket to store; never compared
public record NewNotification(
        NotificationId id,
        ReceiverId receiver,
        @Nullable String channel,
        Delivery.Content content,
        byte[] payload,
        Ladder ladder,
        @Nullable String ladderName,
        boolean ordered,
        boolean urgent,
        long dueAt,
        WakeLocation wakeLocation,
        @Nullable Idempotency idempotency,
        List<NewNotification> also) {

    public static final int PAYLOAD_BYTES_MAX = 256 * 1024;
    /** The number of a new notification's first wake, the same in every store. */
    public static final int FIRST_WAKE = 1;

    public MerchantId merchantId() {
        return receiver.merchant();
    }

    public Wake firstWake() {
        return new Wake(id, FIRST_WAKE, dueAt);
    }

    public DeliveryKind kind() {
        return DeliveryKind.of(channel);
    }

    /** The delivery as it is stored, if it has no predecessor. */
    public Delivery asDelivery() {
        return new Delivery(
                id,
                receiver,
                channel,
                FIRST_WAKE,
                DeliveryState.WAITING,
                wakeLocation,
                dueAt,
                0,
                0,
                ladder,
                false,
                ordered,
                false,
                urgent,
                null,
                null,
                content,
                payload.length <= Delivery.PAYLOAD_INLINE_MAX ? payload : null);
    }

    /**
     * The producer's idempotency key, and a digest that distinguishes a repetition from another notification under the same key.
     *
     * @param key 1 to 255 characters
     * @param bodyDigest SHA-256
     */
    public record Idempotency(String key, byte[] bodyDigest) {
        public static final int KEY_LENGTH_MAX = 255;
    }
}
