package dev.rung.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A notification and what became of it.
 *
 * @param ladder the waits that it was accepted with
 * @param ladderName the name they were chosen by, if they were
 * @param nextAttemptAt null when no attempt is owed
 * @param heldBy what keeps a due attempt back: {@code "merchant"} or {@code "order"}; else null
 * @param settledAt null while it waits
 * @param attempts in the order they were recorded; empty in lists
 * @param cursor in the feed of events: what stands for this item; else null
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
     * One HTTP request to the merchant.
     *
     * @param lateMs how long after its due time it began, in milliseconds
     * @param responseHeaders {@code name: value} lines
     * @param responseBody at most the first 4 KiB
     * @param error why it is not acknowledged; null when it is
     * @param mayRepeat an earlier request on this rung may have been made without a record
     * @param superseded it ended after something else had moved the notification, and moved nothing
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
