package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key of a merchant.
 *
 * @param hint its last characters, to distinguish keys
 * @param key only in the response that created it
 */
public record ApiKey(
        String id,
        String merchantId,
        String hint,
        Instant createdAt,
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
                json.text("hint"),
                json.time("created_at"),
                json.optionalText("key"));
    }
}
