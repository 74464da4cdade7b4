package dev.rung.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A notification and its delivery.
 *
 * @param ladder the waits between attempts
 * @param ladderName null for inline ladders
 * @param nextAttemptAt null if no attempt is due
 * @param heldBy why the delivery is parked: {@code "merchant"} or {@code "order"}; null if it is not
 * @param settledAt null while it is waiting
 * @param attempts in the order of recording; empty in lists
 * @param cursor of this item in the event feed; else null
 */
public record Notification(
        String id,
        String merchantId,
        @Nullable String orderNo,
        @Nullable String eventType,
        String url,
        List<Duration> ladder,
        @Nullable String ladderName,
        NotificationState state,
        int attemptsMade,
        int attemptsMax,
        @Nullable Instant nextAttemptAt,
        @Nullable String heldBy,
        boolean ordered,
        Instant createdAt,
        @Nullable Instant settledAt,
        List<Attempt> attempts,
        @Nullable String cursor) {

    public Notification {
        ladder = List.copyOf(ladder);
        attempts = attempts == null ? List.of() : List.copyOf(attempts);
    }

    /**
     * An HTTP request to the merchant.
     *
     * @param lateMs lateness in milliseconds
     * @param responseHeaders {@code name: value} lines
     * @param responseBody at most the first 4 KiB
     * @param error why it was not acknowledged; null if it was
     * @param mayRepeat whether it may repeat a request that was not recorded
     * @param superseded whether its wake was stale when it ended, so that it changed nothing
     */
    public record Attempt(
            int number,
            Instant dueAt,
            Instant startedAt,
            long lateMs,
            long durationMs,
            Outcome outcome,
            @Nullable Integer httpStatus,
            @Nullable String responseHeaders,
            @Nullable String responseBody,
            @Nullable String error,
            boolean mayRepeat,
            boolean superseded) {}
}
