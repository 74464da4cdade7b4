package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key of a merchant.
 *
 * @param hint its last characters, to distinguish keys
 * @param lastUsedAt approximate; null if it was never used
 * @param key only in the response that created it
 */
public record ApiKey(
        String id,
        String merchantId,
        MerchantRole role,
        String hint,
        Instant createdAt,
        @Nullable Instant lastUsedAt,
        @Nullable String key) {

    /** Without the key. */
    @Override
    public String toString() {
        return "ApiKey[" + id + ", …" + hint + "]";
    }

    static ApiKey read(JsonObject json) {
        return new ApiKey(
                json.text("id"),
                json.text("merchant_id"),
                json.constant("role", MerchantRole.class),
                json.text("hint"),
                json.time("created_at"),
                json.optionalTime("last_used_at"),
                json.optionalText("key"));
    }
}
