package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A channel callback whose verification failed.
 *
 * @param detail why it failed
 * @param headers {@code name: value} lines of the headers that the signature covers; null if not requested
 * @param encoding of the body: {@code text} or {@code base64}; null if not requested
 * @param body null if not requested
 */
public record UnverifiedCallback(
        String id,
        String channel,
        Instant receivedAt,
        String detail,
        int bodyBytes,
        @Nullable String headers,
        @Nullable String encoding,
        @Nullable String body) {

    static UnverifiedCallback read(JsonObject json) {
        return new UnverifiedCallback(
                json.text("id"),
                json.text("channel"),
                json.time("received_at"),
                json.text("detail"),
                json.integer("body_bytes"),
                json.optionalText("headers"),
                json.optionalText("encoding"),
                json.optionalText("body"));
    }
}
