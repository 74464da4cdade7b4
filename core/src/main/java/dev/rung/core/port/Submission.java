package dev.rung.core.port;

import org.jspecify.annotations.Nullable;

/**
 * A message by which a producer submits a notification.
 *
 * @param routingKey a merchant's id, or empty
 * @param messageId the idempotency key; null if the producer set none
 * @param contentEncoding of the body; null if the producer set none
 * @param traceparent the header of this name; null if the producer set none
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record Submission(
        String routingKey,
        @Nullable String messageId,
        @Nullable String contentEncoding,
        @Nullable String traceparent,
        byte[] body) {}
