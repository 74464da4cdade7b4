package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who is notified, where and how.
 *
 * @param state {@code active} or {@code paused}
 * @param signingSecret {@code whsec_…}; only in the answer that made it, this once
 * @param publicKey what the merchant verifies with, where signing is asymmetric
 * @param previousKeyUntil while a key rotates, when the former one ends
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
