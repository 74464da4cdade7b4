package dev.rung.spring.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A verified notification.
 *
 * @param id the same for all attempts
 * @param eventType null if it has none
 * @param attempt number of the attempt, from 1
 * @param sentAt when it was signed; null if the dialect does not sign a time
 * @param fields of a form, decoded; empty for JSON
 * @param body the bytes as they came
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record VerifiedWebhook(
        String id,
        @Nullable String eventType,
        int attempt,
        @Nullable Instant sentAt,
        Map<String, String> fields,
        byte[] body) {

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Without the body. */
    @Override
    public String toString() {
        return "VerifiedWebhook[" + id + ", " + eventType + ", attempt " + attempt + "]";
    }
}
