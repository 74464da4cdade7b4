package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * A producer's request to deliver a notification, valid and with the merchant's defaults, before it has an id.
 *
 * @param url where it goes; null: to the receiver's URL, and after a change of that to the new one
 * @param channel the channel account that is queried; null for a notification
 * @param ladderName null for inline steps
 * @param createdAt when the request was received, epoch milliseconds; part of the response and of the notification
 * @param urgent a user waits for the result: no throttle and no rate holds it back
 * @param deliverAt when the first attempt is due, epoch milliseconds; null: at once
 */
@SuppressWarnings("ArrayRecordComponent") // passed from socket to store; never compared
public record NotificationRequest(
        MerchantId merchantId,
        @Nullable String channel,
        @Nullable String url,
        @Nullable String orderNo,
        @Nullable String eventType,
        byte[] payload,
        Ladder ladder,
        @Nullable String ladderName,
        long createdAt,
        @Nullable Long deliverAt,
        boolean ordered,
        boolean urgent,
        NewNotification.@Nullable Idempotency idempotency) {

    /** A notification. */
    public NotificationRequest(
            MerchantId merchantId,
            @Nullable String url,
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
                false,
                idempotency);
    }

    /** The same request by a user who waits for the result. */
    public NotificationRequest asUrgent() {
        return new NotificationRequest(
                merchantId,
                channel,
                url,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                createdAt,
                deliverAt,
                ordered,
                true,
                idempotency);
    }
}
