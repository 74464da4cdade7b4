package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a payment's timeline.
 *
 * @param kind {@code request}, {@code placement}, {@code callback}, {@code query}, {@code state}, {@code note}, {@code refund} or {@code notification}
 * @param source the cause of the event
 * @param detail as text
 * @param refundId of the refund that the event is about; null for the payment
 * @param state the payment's state after the event; null if unchanged
 * @param answer the channel's response, for events of the payment
 * @param callback of the kind {@code callback}
 * @param query of the kind {@code query}
 * @param notification of the kind {@code notification}
 */
public record TimelineLine(
        Instant at,
        String kind,
        String source,
        String detail,
        @Nullable String refundId,
        @Nullable PaymentState state,
        @Nullable String answer,
        @Nullable Callback callback,
        @Nullable Query query,
        @Nullable NotificationAttempt notification) {

    /**
     * A channel callback.
     *
     * @param headers {@code name: value} lines of the headers that the signature covers
     * @param encoding of the body: {@code text} or {@code base64}
     */
    public record Callback(boolean verified, String headers, String encoding, String body) {
        static Callback read(JsonObject json) {
            return new Callback(json.flag("verified"), json.text("headers"), json.text("encoding"), json.text("body"));
        }
    }

    /**
     * A query to the channel.
     *
     * @param lateMs lateness in milliseconds
     * @param answer the channel's responses, one line per call
     * @param settled whether the payment was in a final state after the query
     */
    public record Query(
            int number,
            Instant dueAt,
            long lateMs,
            long durationMs,
            @Nullable String answer,
            boolean settled) {
        static Query read(JsonObject json) {
            return new Query(
                    json.integer("number"),
                    json.time("due_at"),
                    json.number("late_ms"),
                    json.number("duration_ms"),
                    json.optionalText("answer"),
                    json.flag("settled"));
        }
    }

    /** An attempt to notify the merchant. */
    public record NotificationAttempt(String id, @Nullable String eventType, String url, Notification.Attempt attempt) {
        static NotificationAttempt read(JsonObject json) {
            return new NotificationAttempt(
                    json.text("id"),
                    json.optionalText("event_type"),
                    json.text("url"),
                    json.object("attempt", Notification.Attempt::read));
        }
    }

    static TimelineLine read(JsonObject json) {
        return new TimelineLine(
                json.time("at"),
                json.text("kind"),
                json.text("source"),
                json.text("detail"),
                json.optionalText("refund_id"),
                json.optionalConstant("state", PaymentState.class),
                json.optionalText("answer"),
                json.optionalObject("callback", Callback::read),
                json.optionalObject("query", Query::read),
                json.optionalObject("notification", NotificationAttempt::read));
    }
}
