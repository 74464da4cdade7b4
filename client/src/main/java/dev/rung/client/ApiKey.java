package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key that sees one merchant's data only.
 *
 * @param hint its last characters, so that a person can tell keys apart
 * @param key the key itself; only in the answer that made it, this once
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
}
