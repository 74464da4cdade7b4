package dev.rung.client;

import org.jspecify.annotations.Nullable;

/**
 * The result of a bulk resend call.
 *
 * @param nextCursor of the next call; null at the end
 */
public record BulkResend(int matched, int resent, @Nullable String nextCursor) {
    static BulkResend read(JsonObject json) {
        return new BulkResend(json.integer("matched"), json.integer("resent"), json.optionalText("next_cursor"));
    }
}
