package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * A notification as the API and the console show it, without payload and attempts.
 *
 * @param nextAttemptAt epoch milliseconds; null when no attempt is pending
 * @param throttledCount attempts that the receiver asked to make later
 * @param hold null if it is not held back
 * @param settledAt epoch milliseconds; null while waiting
 */
public record NotificationDetail(
        NotificationId id,
        ReceiverId receiver,
        DeliveryKind kind,
        Delivery.Content content,
        Ladder ladder,
        @Nullable String ladderName,
        DeliveryState state,
        WakeLocation wakeLocation,
        int rung,
        int attemptsMade,
        int attemptsMax,
        @Nullable Long nextAttemptAt,
        boolean ordered,
        @Nullable Long settledAt,
        int throttledCount,
        @Nullable Hold hold) {

    public MerchantId merchantId() {
        return receiver.merchant();
    }
}
