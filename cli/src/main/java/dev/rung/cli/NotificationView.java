package dev.rung.cli;

import dev.rung.core.model.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A notification as returned by the API; without attempts if it comes from a list. */
record NotificationView(
        String id,
        String merchant,
        @Nullable String orderNo,
        @Nullable String eventType,
        String url,
        List<Duration> ladder,
        Progress progress,
        Instant createdAt,
        List<AttemptView> attempts) {

    /**
     * The state of the delivery.
     *
     * @param heldBy why the delivery is parked: such as {@code pause}, {@code throttle} or {@code ordered}; null if it is not
     */
    record Progress(
            String state,
            int made,
            int max,
            @Nullable Instant nextAttemptAt,
            @Nullable String heldBy,
            @Nullable Instant settledAt) {
        boolean isSettled() {
            return !state.equals("waiting");
        }
    }

    /** An attempt. */
    record AttemptView(
            int number,
            Instant dueAt,
            Instant startedAt,
            Duration took,
            String outcome,
            @Nullable Integer status,
            @Nullable String responseBody,
            @Nullable String error,
            boolean mayRepeat,
            boolean superseded) {
        Duration late() {
            Duration late = Duration.between(dueAt, startedAt);
            return late.isNegative() ? Duration.ZERO : late;
        }

        Instant endedAt() {
            return startedAt.plus(took);
        }

        boolean isAcknowledged() {
            return outcome.equals("acknowledged");
        }
    }

    static NotificationView of(JsonNode json) {
        List<Duration> ladder = new ArrayList<>();
        for (JsonNode step : json.path("ladder")) {
            ladder.add(Durations.parse(step.asString()));
        }
        List<AttemptView> attempts = new ArrayList<>();
        for (JsonNode attempt : json.path("attempts")) {
            attempts.add(attempt(attempt));
        }
        return new NotificationView(
                json.path("id").asString(""),
                json.path("merchant_id").asString(""),
                text(json, "order_no"),
                text(json, "event_type"),
                json.path("url").asString(""),
                ladder,
                new Progress(
                        json.path("state").asString(""),
                        json.path("attempts_made").asInt(0),
                        json.path("attempts_max").asInt(0),
                        time(json, "next_attempt_at"),
                        text(json, "held_by"),
                        time(json, "settled_at")),
                required(json, "created_at"),
                attempts);
    }

    private static AttemptView attempt(JsonNode json) {
        return new AttemptView(
                json.path("number").asInt(0),
                required(json, "due_at"),
                required(json, "started_at"),
                Duration.ofMillis(json.path("duration_ms").asLong(0)),
                json.path("outcome").asString(""),
                json.path("http_status").isNumber() ? json.path("http_status").asInt() : null,
                text(json, "response_body"),
                text(json, "error"),
                json.path("may_repeat").asBoolean(false),
                json.path("superseded").asBoolean(false));
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.path(field).isString() ? json.path(field).asString() : null;
    }

    private static @Nullable Instant time(JsonNode json, String field) {
        String text = text(json, field);
        return text == null ? null : Instant.parse(text);
    }

    private static Instant required(JsonNode json, String field) {
        Instant time = time(json, field);
        if (time == null) {
            throw new CommandFailed("the server's response has no " + field + "; is it a Rung server?");
        }
        return time;
    }
}
