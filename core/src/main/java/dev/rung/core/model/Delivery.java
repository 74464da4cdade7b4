package dev.rung.core.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A notification as the dispatcher sees it: what is needed to decide and to send.
 *
 * @param channel the channel account that is queried; null for a notification
 * @param wake the record's present wake number
 * @param nextAttemptAt when the ladder says, epoch milliseconds; null when no attempt is owed
 * @param rung attempts counted since this climb began (a resend begins another)
 * @param mayRepeat an attempt on this rung may have been cut off without a record
 * @param ordered set while this ordered notification holds back later ones of its order
 * @param predecessor an earlier ordered notification of the same order is not settled
 * @param payload the bytes to send; null when they are too large to read along ({@link #PAYLOAD_INLINE_MAX}) and must be
 *     asked for by themselves
 */
@SuppressWarnings("ArrayRecordComponent") // the payload goes from store to socket; nobody compares it
public record Delivery(
        NotificationId id,
        MerchantId merchantId,
        @Nullable String channel,
        int wake,
        NotificationState state,
        WakeLocation wakeLocation,
        @Nullable Long nextAttemptAt,
        int rung,
        int attemptsMade,
        Ladder ladder,
        boolean mayRepeat,
        boolean ordered,
        boolean predecessor,
        Content content,
        byte @Nullable [] payload) {

    /** Payloads up to this many bytes come with the record; larger ones are read when they are sent. */
    public static final int PAYLOAD_INLINE_MAX = 4096;

    /** A {@code Retry-After} beyond this is cut to it. */
    public static final Duration RETRY_AFTER_MAX = Duration.ofHours(24);

    /** What does not change between attempts. */
    public record Content(
            String url, @Nullable String orderNo, @Nullable String eventType, long createdAt) {}

    public DeliveryKind kind() {
        return channel == null ? DeliveryKind.NOTIFICATION : DeliveryKind.CHANNEL_QUERY;
    }

    /** Whose bulkhead its attempts run in. */
    public BulkheadKey bulkhead() {
        return channel == null ? new BulkheadKey.OfMerchant(merchantId) : new BulkheadKey.OfChannel(channel);
    }

    /** Whether this wake speaks of the record as it now is. */
    public boolean isCurrent(Wake w) {
        return nextAttemptAt != null && wake == w.number();
    }

    /**
     * What follows an attempt that ended so, at this time. A wait runs from the end of the failed attempt; {@code
     * retryAfter} lengthens it, never shortens it.
     *
     * @param endedAt epoch milliseconds
     * @param exactWait replaces the ladder and its end: there is a next attempt, and this is the wait to it; null: the ladder decides
     */
    public NextStep after(Outcome outcome, long endedAt, @Nullable Duration retryAfter, @Nullable Duration exactWait) {
        if (outcome == Outcome.ACKNOWLEDGED) {
            return new NextStep.Delivered();
        }
        if (state == NotificationState.DELIVERED) {
            return new NextStep.Unchanged();
        }
        if (exactWait != null) {
            return new NextStep.Retry(endedAt + exactWait.toMillis());
        }
        if (rung >= ladder.steps().size()) {
            return new NextStep.Exhausted();
        }
        long wait = ladder.steps().get(rung).toMillis();
        if (retryAfter != null) {
            Duration asked = retryAfter.compareTo(RETRY_AFTER_MAX) < 0 ? retryAfter : RETRY_AFTER_MAX;
            wait = Math.max(wait, asked.toMillis());
        }
        return new NextStep.Retry(endedAt + wait);
    }
}
