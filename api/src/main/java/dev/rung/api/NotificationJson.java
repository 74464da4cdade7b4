package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.port.NotificationCatalog.Also;
import dev.rung.web.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;

/** Writes notifications and attempts as JSON. */
public final class NotificationJson {
    private NotificationJson() {}

    /** A notification that was just accepted. */
    static NotificationDetail accepted(NewNotification n) {
        return new NotificationDetail(
                n.id(),
                n.receiver(),
                n.kind(),
                n.content(),
                n.ladder(),
                n.ladderName(),
                DeliveryState.WAITING,
                n.wakeLocation(),
                0,
                0,
                n.ladder().attemptsMax(),
                n.dueAt(),
                n.ordered(),
                null,
                0,
                null);
    }

    /** The further notifications of the same event. */
    static List<Also> also(NewNotification first) {
        return first.also().stream()
                .map(n -> new Also(n.id(), Objects.requireNonNull(n.receiver().endpoint(), "only endpoints follow")))
                .toList();
    }

    /** Writes a notification with its attempts and the further notifications of its event. */
    static void withAlso(
            JsonGenerator g,
            NotificationDetail n,
            List<Attempt> attempts,
            List<Also> also,
            MerchantCache merchantCache) {
        g.writeStartObject();
        members(g, n, merchantCache);
        g.writeArrayPropertyStart("also");
        for (Also each : also) {
            g.writeStartObject();
            g.writeStringProperty("id", each.id().toString());
            g.writeStringProperty("endpoint_id", each.endpoint().toString());
            g.writeEndObject();
        }
        g.writeEndArray();
        attempts(g, attempts);
        g.writeEndObject();
    }

    /** Writes a notification with its attempts. */
    static void whole(JsonGenerator g, NotificationDetail n, List<Attempt> attempts, MerchantCache merchantCache) {
        g.writeStartObject();
        members(g, n, merchantCache);
        attempts(g, attempts);
        g.writeEndObject();
    }

    private static void attempts(JsonGenerator g, List<Attempt> attempts) {
        g.writeArrayPropertyStart("attempts");
        for (Attempt attempt : attempts) {
            attempt(g, attempt);
        }
        g.writeEndArray();
    }

    /** Writes a notification without its attempts; the caller ends the object. */
    static void members(JsonGenerator g, NotificationDetail n, MerchantCache merchantCache) {
        g.writeStringProperty("id", n.id().toString());
        g.writeStringProperty("merchant_id", n.merchantId().toString());
        EndpointId endpoint = n.receiver().endpoint();
        g.writeStringProperty("endpoint_id", endpoint == null ? null : endpoint.toString());
        g.writeStringProperty("event_id", n.content().eventOf(n.id()).toString());
        g.writeStringProperty("order_no", n.content().orderNo());
        g.writeStringProperty("event_type", n.content().eventType());
        g.writeStringProperty("url", merchantCache.urlOf(n));
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
