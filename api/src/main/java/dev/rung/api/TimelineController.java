package dev.rung.api;

import dev.rung.api.Timeline.Entry;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.Outcome;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.StoredCallback;
import dev.rung.web.Caller;
import dev.rung.web.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;

/** Reads the {@link Timeline} of a payment. */
@RestController
final class TimelineController {
    private final PaymentService payments;
    private final Timeline timeline;

    TimelineController(PaymentService payments, Timeline timeline) {
        this.payments = payments;
        this.timeline = timeline;
    }

    /** An entry as JSON. */
    private record Line(long at, String kind, String source, String detail, JsonWriter.Content more) {}

    @GetMapping("/v1/payments/{id}/timeline")
    JsonWriter.Content get(@AuthenticationPrincipal Caller caller, @PathVariable PaymentId id) {
        Payment payment = payments.find(caller, id);
        List<Line> lines = timeline
                .of(
                        payment,
                        timeline.notifications(
                                payment.order().merchantId(), payment.order().outTradeNo()))
                .stream()
                .map(entry -> line(entry, caller.merchant() == null))
                .toList();
        return g -> {
            g.writeStartObject();
            g.writeArrayPropertyStart("data");
            lines.forEach(line -> write(g, line));
            g.writeEndArray();
            g.writeEndObject();
        };
    }

    private static Line line(Entry entry, boolean withBytes) {
        return switch (entry) {
            case Entry.CalledBack(StoredCallback callback) -> callback(callback, withBytes);
            case Entry.Queried(Attempt attempt, var refund) -> query(attempt, refund);
            case Entry.Changed(PaymentEvent event) -> event(event);
            case Entry.Notified(NotificationDetail notification, Attempt attempt) ->
                notification(notification, attempt);
        };
    }

    private static void write(JsonGenerator g, Line line) {
        g.writeStartObject();
        JsonWriter.time(g, "at", line.at);
        g.writeStringProperty("kind", line.kind);
        g.writeStringProperty("source", line.source);
        g.writeStringProperty("detail", line.detail);
        line.more.write(g);
        g.writeEndObject();
    }

    private static Line event(PaymentEvent event) {
        return new Line(event.at().toEpochMilli(), kind(event), event.source().text(), event.detail(), g -> {
            PaymentState state = event.state();
            g.writeStringProperty(
                    "refund_id", event.refund() == null ? null : event.refund().toString());
            g.writeStringProperty("state", state == null ? null : state.text());
            g.writeStringProperty("answer", event.answer());
        });
    }

    private static String kind(PaymentEvent event) {
        if (event.refund() != null) {
            return "refund";
        }
        if (event.source() == ChangeSource.PLACEMENT) {
            return "placement";
        }
        if (event.source() == ChangeSource.MERCHANT && event.state() == PaymentState.CREATED) {
            return "request";
        }
        return event.state() == null ? "note" : "state";
    }

    /** @param withBytes whether the caller may see what the channel signed; a merchant may not */
    private static Line callback(StoredCallback callback, boolean withBytes) {
        return new Line(
                callback.receivedAt().toEpochMilli(),
                "callback",
                ChangeSource.CALLBACK.text(),
                callback.verdict(),
                g -> {
                    g.writeObjectPropertyStart("callback");
                    g.writeBooleanProperty("verified", callback.verified());
                    if (withBytes) {
                        PaymentJson.whatCame(g, callback);
                    }
                    g.writeEndObject();
                });
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Line query(Attempt attempt, @Nullable Refund refund) {
        Attempt.Answer answer = attempt.answer();
        return new Line(attempt.startedAt(), "query", ChangeSource.QUERY.text(), detail(attempt), g -> {
            g.writeStringProperty(
                    "refund_id", refund == null ? null : refund.id().toString());
            g.writeObjectPropertyStart("query");
            g.writeNumberProperty("number", attempt.number());
            JsonWriter.time(g, "due_at", attempt.dueAt());
            g.writeNumberProperty("late_ms", attempt.latenessMillis());
            g.writeNumberProperty("duration_ms", attempt.durationMillis());
            g.writeStringProperty("answer", answer == null ? null : text(answer.body()));
            g.writeBooleanProperty("settled", attempt.outcome() == Outcome.ACKNOWLEDGED);
            g.writeEndObject();
        });
    }

    private static String detail(Attempt attempt) {
        return attempt.error() == null ? "query: final state" : "query: " + attempt.error();
    }

    private static Line notification(NotificationDetail notification, Attempt attempt) {
        @Nullable String eventType = notification.content().eventType();
        String detail = (eventType == null ? "the notification" : eventType) + ": "
                + attempt.outcome().text();
        return new Line(attempt.startedAt(), "notification", "rung", detail, g -> {
            g.writeObjectPropertyStart("notification");
            g.writeStringProperty("id", notification.id().toString());
            g.writeStringProperty("event_type", eventType);
            g.writeStringProperty("url", notification.content().url());
            g.writeName("attempt");
            NotificationJson.attempt(g, attempt);
            g.writeEndObject();
        });
    }
}
