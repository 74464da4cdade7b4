package dev.rung.client;

import org.jspecify.annotations.Nullable;

/**
 * What one call to resend many did.
 *
 * @param nextCursor there are more: call again with it; null: that was all
 */
public record BulkResend(int matched, int resent, @Nullable String nextCursor) {}
