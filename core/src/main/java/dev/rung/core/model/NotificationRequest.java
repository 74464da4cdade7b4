package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * A producer's request to deliver a notification, valid and with the merchant's defaults, before it has an id.
 *
 * @param only the only receiver; null: the merchant's own URL, if it has one or {@code url} is given, and its endpoints that receive the event type
 * @param url replaces the merchant's own URL; null: its URL at the time of each attempt
 * @param channel the channel account that is queried, or {@link DeliveryKind#ALERTS}; null for a notification
 * @param ladderName null for inline steps
 * @param ladderForAll whether the ladder applies to endpoints too; if not, each has its own
 * @param createdAt when the request was received, epoch milliseconds; part of the response and of the notification
 * @param urgent a user waits for the result: no throttle and no rate holds it back
 * @param deliverAt when the first attempt is due, epoch milliseconds; null: at once
 * @param trace the trace of the request; null: none
 */
@SuppressWarnings("ArrayRecordComponent") // passed from socket to store; never compared
public record NotificationRequest(
        MerchantId merchantId,
        @Nullable ReceiverId only,
        @Nullable String channel,
        @Nullable String url,
        @Nullable String orderNo,
        @Nullable String eventType,
        byte[] payload,
        Ladder ladder,
        @Nullable String ladderName,
        boolean ladderForAll,
        long createdAt,
        @Nullable Long deliverAt,
        boolean ordered,
        boolean urgent,
        NewNotification.@Nullable Idempotency idempotency,
        @Nullable TraceParent trace) {

    /** A notification to all receivers of its event type. */
    public NotificationRequest(
            MerchantId merchantId,
            @Nullable String url,
            @Nullable String orderNo,
            @Nullable String eventType,
            byte[] payload,
            Ladder ladder,
            @Nullable String ladderName,
            boolean ladderForAll,
            long createdAt,
            @Nullable Long deliverAt,
            boolean ordered,
            NewNotification.@Nullable Idempotency idempotency) {
        this(
                merchantId,
                null,
                null,
                url,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                ladderForAll,
                createdAt,
                deliverAt,
                ordered,
                false,
                idempotency,
                null);
    }

    /** A test of one receiver, whose result a user waits for. */
    public static NotificationRequest test(
            ReceiverId receiver,
            String eventType,
            byte[] payload,
            Ladder ladder,
            @Nullable String ladderName,
            long createdAt) {
        return new NotificationRequest(
                receiver.merchant(),
                receiver,
                null,
                null,
                null,
                eventType,
                payload,
                ladder,
                ladderName,
                true,
                createdAt,
                null,
                false,
                true,
                null,
                null);
    }

    public NotificationRequest withTrace(@Nullable TraceParent other) {
        return new NotificationRequest(
                merchantId,
                only,
                channel,
                url,
                orderNo,
                eventType,
                payload,
                ladder,
                ladderName,
                ladderForAll,
                createdAt,
                deliverAt,
                ordered,
                urgent,
                idempotency,
                other);
    }
}
