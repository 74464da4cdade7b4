package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * What a producer asks to be delivered, checked and with the merchant's defaults filled in, before it has an id.
 *
 * @param channel the channel account that is queried; null for a notification
 * @param ladderName the name the ladder was chosen by; null for inline steps
 * @param createdAt when it was asked for, epoch milliseconds; the notification keeps it, and the producer was told it
 * @param deliverAt when the first attempt is due, epoch milliseconds; null: at once
 */
@SuppressWarnings("ArrayRecordComponent") // goes from socket to store; nobody compares it
public record NotificationRequest(
        MerchantId merchantId,
        @Nullable String channel,
        String url,
        @Nullable String orderNo,
        @Nullable String eventType,
        byte[] payload,
        Ladder ladder,
        @Nullable String ladderName,
        long createdAt,
        @Nullable Long deliverAt,
        boolean ordered,
        NewNotification.@Nullable Idempotency idempotency) {

    /** A notification. */
    public NotificationRequest(
            MerchantId merchantId,
            String url,
            @Nullable String orderNo,
            @Nullable String eventType,
            byte[] payload,
            Ladder ladder,
            @Nullable String ladderName,
            long createdAt,
            @Nullable Long deliverAt,
            boolean ordered,
            NewNotification.@Nullable Idempotency idempotency) {
        this(
                merchantId,
                null,
                url,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                createdAt,
                deliverAt,
                ordered,
                idempotency);
    }
}
