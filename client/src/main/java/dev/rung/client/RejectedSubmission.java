package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP submission that was rejected.
 *
 * @param rejectedAt null if it was not Rung that put it into the queue
 * @param routingKey as the producer published it
 * @param messageId the idempotency key
 * @param bytes the length of the message's body
 * @param body uncompressed; null in a list, or if it is not text
 * @param bodyBase64 the body if it is not text; null in a list
 */
public record RejectedSubmission(
        String id,
        @Nullable Instant rejectedAt,
        String reason,
        String routingKey,
        @Nullable String messageId,
        @Nullable String contentEncoding,
        int bytes,
        @Nullable String body,
        @Nullable String bodyBase64) {

    static RejectedSubmission read(JsonObject json) {
        return new RejectedSubmission(
                json.text("id"),
                json.optionalTime("rejected_at"),
                json.text("reason"),
                json.text("routing_key"),
                json.optionalText("message_id"),
                json.optionalText("content_encoding"),
                json.integer("bytes"),
                json.optionalText("body"),
                json.optionalText("body_base64"));
    }
}
