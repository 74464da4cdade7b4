package dev.rung.client;

import org.jspecify.annotations.Nullable;

/**
 * The result of a bulk change.
 *
 * @param matched what the filter included in this call
 * @param changed how many of them were changed; 0 in a dry run
 * @param nextCursor of the next call; null at the end
 */
public record BulkResult(int matched, int changed, @Nullable String nextCursor) {
    static BulkResult read(JsonObject json, String changed) {
        return new BulkResult(json.integer("matched"), json.integer(changed), json.optionalText("next_cursor"));
    }
}
