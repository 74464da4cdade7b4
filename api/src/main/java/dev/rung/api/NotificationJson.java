package dev.rung.api;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.WakeLocation;
import dev.rung.web.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;

/** Writes notifications and attempts as JSON. */
public final class NotificationJson {
    private NotificationJson() {}

    /** Writes a notification that was just accepted. */
    static NotificationDetail accepted(NotificationId id, NotificationRequest request) {
        long dueAt =
                request.deliverAt() == null ? request.createdAt() : Math.max(request.createdAt(), request.deliverAt());
        return new NotificationDetail(
                id,
                request.merchantId(),
                DeliveryKind.NOTIFICATION,
                new Delivery.Content(
                        Objects.requireNonNullElse(request.url(), ""),
                        request.url() != null,
                        request.orderNo(),
                        request.eventType(),
                        request.createdAt()),
                request.ladder(),
                request.ladderName(),
                NotificationState.WAITING,
                WakeLocation.QUEUED,
                0,
                0,
                request.ladder().attemptsMax(),
                dueAt,
                request.ordered(),
                null,
                0,
                null);
    }

    /** Writes a notification with its attempts. */
    static void whole(JsonGenerator g, NotificationDetail n, List<Attempt> attempts, MerchantCache directory) {
        g.writeStartObject();
        members(g, n, directory);
        g.writeArrayPropertyStart("attempts");
        for (Attempt attempt : attempts) {
            attempt(g, attempt);
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    /** Writes a notification without its attempts; the caller ends the object. */
    static void members(JsonGenerator g, NotificationDetail n, MerchantCache directory) {
        g.writeStringProperty("id", n.id().toString());
        g.writeStringProperty("merchant_id", n.merchantId().toString());
        g.writeStringProperty("order_no", n.content().orderNo());
        g.writeStringProperty("event_type", n.content().eventType());
        g.writeStringProperty("url", directory.urlOf(n));
        LadderFields.write(g, "ladder", n.ladder());
        g.writeStringProperty("ladder_name", n.ladderName());
        g.writeStringProperty("state", n.state().text());
        g.writeNumberProperty("attempts_made", n.attemptsMade());
        g.writeNumberProperty("attempts_max", n.attemptsMax());
        JsonWriter.time(g, "next_attempt_at", n.nextAttemptAt());
        g.writeStringProperty(
                "held_by", n.hold() == null ? null : n.hold().reason().text());
        JsonWriter.time(g, "held_since", n.hold() == null ? null : n.hold().since());
        g.writeNumberProperty("throttled_count", n.throttledCount());
        g.writeBooleanProperty("ordered", n.ordered());
        JsonWriter.time(g, "created_at", n.content().createdAt());
        JsonWriter.time(g, "settled_at", n.settledAt());
    }

    public static void attempt(JsonGenerator g, Attempt attempt) {
        Attempt.Answer answer = attempt.answer();
        g.writeStartObject();
        g.writeNumberProperty("number", attempt.number());
        JsonWriter.time(g, "due_at", attempt.dueAt());
        JsonWriter.time(g, "started_at", attempt.startedAt());
        g.writeNumberProperty("late_ms", attempt.latenessMillis());
        g.writeNumberProperty("held_ms", attempt.heldMillis());
        g.writeStringProperty(
                "held_by",
                attempt.held() == null ? null : attempt.held().reason().text());
        g.writeNumberProperty("duration_ms", attempt.durationMillis());
        g.writeStringProperty("outcome", attempt.outcome().text());
        if (answer == null) {
            g.writeNullProperty("http_status");
            g.writeNullProperty("response_headers");
            g.writeNullProperty("response_body");
        } else {
            g.writeNumberProperty("http_status", answer.status());
            g.writeStringProperty("response_headers", answer.headers());
            g.writeStringProperty("response_body", new String(answer.body(), StandardCharsets.UTF_8));
        }
        g.writeStringProperty("error", attempt.error());
        g.writeBooleanProperty("may_repeat", attempt.mayRepeat());
        g.writeBooleanProperty("superseded", attempt.superseded());
        g.writeEndObject();
    }
}
