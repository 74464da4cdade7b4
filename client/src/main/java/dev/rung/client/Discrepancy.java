package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What needs a person.
 *
 * @param kind such as {@code paid_after_close}
 * @param subject what it is about; of one kind, channel and subject there is one
 * @param state {@code open} or {@code resolved}
 * @param resolution how it was ended; null while it is open
 */
public record Discrepancy(
        String id,
        String kind,
        String channel,
        String subject,
        @Nullable String paymentId,
        String detail,
        String state,
        Instant createdAt,
        @Nullable Resolution resolution) {

    /** What was found, and by whom. */
    public record Resolution(String note, String by, Instant at) {}
}
