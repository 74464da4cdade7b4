package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key of an operator or a platform.
 *
 * @param hint its last characters, to distinguish keys
 * @param expiresAt null: never
 * @param lastUsedAt approximate; null if it was never used
 * @param key only in the response that created it
 */
public record NamedKey(
        String id,
        String name,
        KeyRole role,
        String hint,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable String key) {

    /** Without the key. */
    @Override
    public String toString() {
        return "NamedKey[" + id + ", " + name + ", …" + hint + "]";
    }

    static NamedKey read(JsonObject json) {
        return new NamedKey(
                json.text("id"),
                json.text("name"),
                json.constant("role", KeyRole.class),
                json.text("hint"),
                json.time("created_at"),
                json.optionalTime("expires_at"),
                json.optionalTime("last_used_at"),
                json.optionalText("key"));
    }
}
