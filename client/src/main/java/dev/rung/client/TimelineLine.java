package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a payment's story.
 *
 * @param kind {@code request}, {@code placement}, {@code callback}, {@code query}, {@code state}, {@code note} or {@code notification}
 * @param source who brought it about
 * @param detail a sentence for a person
 * @param state where the payment stood from then on; null where it did not move
 * @param answer what the channel said, of the payment's own lines
 * @param callback of the kind {@code callback}
 * @param query of the kind {@code query}
 * @param notification of the kind {@code notification}
 */
public record TimelineLine(
        Instant at,
        String kind,
        String source,
        String detail,
        @Nullable PaymentState state,
        @Nullable String answer,
        @Nullable Callback callback,
        @Nullable Query query,
        @Nullable NotificationAttempt notification) {

    /**
     * What a channel called back.
     *
     * @param headers {@code name: value} lines, as far as the signature depends on them
     * @param encoding of the body: {@code text} or {@code base64}
     */
    public record Callback(boolean verified, String headers, String encoding, String body) {}

    /**
     * A question to the channel.
     *
     * @param lateMs how long after its due time it began, in milliseconds
     * @param answer what the channel said, a line a call
     * @param settled the payment was over when it ended
     */
    public record Query(
            int number,
            Instant dueAt,
            long lateMs,
            long durationMs,
            @Nullable String answer,
            boolean settled) {}

    /** An attempt to tell the merchant. */
    public record NotificationAttempt(
            String id, @Nullable String eventType, String url, Notification.Attempt attempt) {}
}
