package dev.rung.core.model;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The mutable part of a notification, with what the dispatcher needs to decide and to send.
 *
 * @param receiver who is notified; of a query, the merchant's own URL
 * @param channel the channel account that is queried, or {@link DeliveryKind#ALERTS}; null for a notification
 * @param wakeNumber of the current wake
 * @param nextAttemptAt when the next attempt is due, epoch milliseconds; null when none is pending
 * @param rung attempts made on this pass through the ladder; a resend starts a new pass
 * @param mayRepeat an unrecorded attempt on this rung may have been sent before
 * @param holdsOrder it is ordered and not settled, so later ones of its order wait for it
 * @param heldByOrder an earlier ordered notification of the same order is not settled
 * @param urgent a user asked for this attempt: it does not wait for a throttle or a rate
 * @param throttledSince when the receiver first asked to wait with it, epoch milliseconds; null if it never did
 * @param hold null if it has not been held back since it became due
 * @param payload the bytes to send; null when they exceed {@link #PAYLOAD_INLINE_MAX} and are read separately
 */
@SuppressWarnings("ArrayRecordComponent") // the payload is passed from store to socket; never compared
public record Delivery(
        NotificationId id,
        ReceiverId receiver,
        @Nullable String channel,
        int wakeNumber,
        DeliveryState state,
        WakeLocation wakeLocation,
        @Nullable Long nextAttemptAt,
        int rung,
        int attemptsMade,
        Ladder ladder,
        boolean mayRepeat,
        boolean holdsOrder,
        boolean heldByOrder,
        boolean urgent,
        @Nullable Long throttledSince,
        @Nullable Hold hold,
        Content content,
        byte @Nullable [] payload) {

    /** Payloads up to this many bytes are read with the record; larger ones when they are sent. */
    public static final int PAYLOAD_INLINE_MAX = 4096;

    /** From this time after the first throttled answer on, another one counts as declined. */
    public static final Duration THROTTLED_MAX = Duration.ofHours(24);

    /** Throttled attempts that are kept, the latest. */
    public static final int THROTTLED_KEPT = 20;

    /** The longest {@code Retry-After} that is observed; a longer one is reduced to it. */
    public static final Duration RETRY_AFTER_MAX = Duration.ofHours(24);

    /**
     * What is sent, and where.
     *
     * @param url where it goes, or went; empty if the receiver had none
     * @param ownUrl whether it was given for this notification; if not, it is the receiver's at the time of acceptance, and an attempt goes to
     *     the receiver's present one
     * @param event of which another notification is the first; null: it is the first of its event
     * @param trace the trace that its attempts belong to; null: none
     */
    public record Content(
            String url,
            boolean ownUrl,
            @Nullable String orderNo,
            @Nullable String eventType,
            @Nullable EventId event,
            long createdAt,
            @Nullable TraceParent trace) {
        /** Of the first notification of an event. */
        public Content(
                String url, boolean ownUrl, @Nullable String orderNo, @Nullable String eventType, long createdAt) {
            this(url, ownUrl, orderNo, eventType, null, createdAt, null);
        }

        public Content withUrl(String other) {
            return new Content(other, ownUrl, orderNo, eventType, event, createdAt, trace);
        }

        public Content withTrace(@Nullable TraceParent other) {
            return new Content(url, ownUrl, orderNo, eventType, event, createdAt, other);
        }

        /** The event that the notification with this content and id reports. */
        public EventId eventOf(NotificationId id) {
            return event == null ? EventId.of(id) : event;
        }
    }

    public MerchantId merchantId() {
        return receiver.merchant();
    }

    public DeliveryKind kind() {
        return DeliveryKind.of(channel);
    }

    /** The bulkhead of its attempts. */
    public BulkheadKey bulkhead() {
        return channel == null ? new BulkheadKey.OfReceiver(receiver) : new BulkheadKey.OfChannel(channel);
    }

    /** The outcome as it counts: a delivery that has been throttled for too long is declined. */
    public Outcome counted(Outcome outcome, long endedAt) {
        return outcome == Outcome.THROTTLED
                        && throttledSince != null
                        && endedAt - throttledSince >= THROTTLED_MAX.toMillis()
                ? Outcome.DECLINED
                : outcome;
    }

    /** Whether this wake is not stale, and an attempt is pending. */
    public boolean isCurrent(Wake w) {
        return nextAttemptAt != null && wakeNumber == w.number();
    }

    /**
     * Decides the next step after an attempt. A wait runs from the end of the failed attempt; {@code retryAfter} can lengthen it,
     * never shorten it.
     *
     * @param outcome as {@link #counted}
     * @param endedAt epoch milliseconds
     * @param retryAfter what the receiver asked for; of a throttled attempt, the time until it is tried again
     * @param exactWait the wait to the next attempt, regardless of the ladder and its end; null: the ladder decides
     */
    public NextStep after(Outcome outcome, long endedAt, @Nullable Duration retryAfter, @Nullable Duration exactWait) {
        if (outcome == Outcome.ACKNOWLEDGED) {
            return new NextStep.Delivered();
        }
        if (outcome == Outcome.THROTTLED) {
            return new NextStep.Throttled(endedAt + given(retryAfter).toMillis());
        }
        if (state == DeliveryState.DELIVERED) {
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
            wait = Math.max(wait, given(retryAfter).toMillis());
        }
        return new NextStep.Retry(endedAt + wait);
    }

    private static Duration given(@Nullable Duration retryAfter) {
        Duration asked = Objects.requireNonNull(retryAfter, "a throttled receiver has a time to be tried again");
        return asked.compareTo(RETRY_AFTER_MAX) < 0 ? asked : RETRY_AFTER_MAX;
    }
}
