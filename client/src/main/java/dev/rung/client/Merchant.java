package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A merchant with its settings.
 *
 * @param state {@code active} or {@code paused}
 * @param signingSecret {@code whsec_…}; only in the response that created it
 * @param publicKey verifies signatures, if signing is asymmetric
 * @param previousKeyUntil end of the old key's validity during a rotation; else null
 */
public record Merchant(
        String id,
        String name,
        @Nullable String notifyUrl,
        Ladder ladder,
        Acknowledge acknowledge,
        Signing signing,
        int maxInFlight,
        String state,
        Instant createdAt,
        @Nullable String signingSecret,
        @Nullable String publicKey,
        @Nullable Instant previousKeyUntil) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "Merchant[" + id + ", " + name + "]";
    }
}
