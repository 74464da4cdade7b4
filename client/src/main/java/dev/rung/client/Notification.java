package dev.rung.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A notification and its delivery.
 *
 * @param endpointId the endpoint that it goes to; null: the merchant's own URL
 * @param eventId the same for every receiver that is notified of the event
 * @param url where the next attempt goes, or where a settled one went; null if its receiver has no URL now
 * @param ladder the waits between attempts
 * @param ladderName null for inline ladders
 * @param nextAttemptAt null if no attempt is due
 * @param heldBy why the delivery is parked: {@code throttle}, {@code rate}, {@code pause}, {@code bulkhead} or {@code ordered}; null if it is not
 * @param settledAt null while it is waiting
 * @param attempts in the order of recording; empty in lists
 * @param also in the answer to a submission: the further notifications of the event
 * @param cursor of this item in the event feed; else null
 */
public record Notification(
        String id,
        String merchantId,
        @Nullable String endpointId,
        String eventId,
        @Nullable String orderNo,
        @Nullable String eventType,
        @Nullable String url,
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
        List<Also> also,
        @Nullable String cursor) {

    public Notification {
        ladder = List.copyOf(ladder);
        attempts = List.copyOf(attempts);
        also = List.copyOf(also);
    }

    /** A further notification of the same event, to an endpoint. */
    public record Also(String id, String endpointId) {
        static Also read(JsonObject json) {
            return new Also(json.text("id"), json.text("endpoint_id"));
        }
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
            boolean superseded) {
        static Attempt read(JsonObject json) {
            return new Attempt(
                    json.integer("number"),
                    json.time("due_at"),
                    json.time("started_at"),
                    json.number("late_ms"),
                    json.number("duration_ms"),
                    json.constant("outcome", Outcome.class),
                    json.optionalInteger("http_status"),
                    json.optionalText("response_headers"),
                    json.optionalText("response_body"),
                    json.optionalText("error"),
                    json.flag("may_repeat"),
                    json.flag("superseded"));
        }
    }

    static Notification read(JsonObject json) {
        return new Notification(
                json.text("id"),
                json.text("merchant_id"),
                json.optionalText("endpoint_id"),
                json.text("event_id"),
                json.optionalText("order_no"),
                json.optionalText("event_type"),
                json.optionalText("url"),
                json.durations("ladder"),
                json.optionalText("ladder_name"),
                json.constant("state", NotificationState.class),
                json.integer("attempts_made"),
                json.integer("attempts_max"),
                json.optionalTime("next_attempt_at"),
                json.optionalText("held_by"),
                json.flag("ordered"),
                json.time("created_at"),
                json.optionalTime("settled_at"),
                json.objects("attempts", Attempt::read),
                json.objects("also", Also::read),
                json.optionalText("cursor"));
    }
}
