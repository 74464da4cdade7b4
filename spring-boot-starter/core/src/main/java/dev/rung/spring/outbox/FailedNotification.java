package dev.rung.spring.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A notification that Rung refuses, set aside so that the others are still submitted.
 *
 * @param id in the outbox
 * @param error Rung's message
 */
public record FailedNotification(
        long id,
        String merchantId,
        @Nullable String orderNo,
        @Nullable String eventType,
        String payload,
        String idempotencyKey,
        Instant createdAt,
        String error) {

    /** Without the payload. */
    @Override
    public String toString() {
        return "FailedNotification[" + id + ", " + merchantId + ", " + orderNo + ": " + error + "]";
    }
}
