package dev.rung.client;

/**
 * An accepted notification.
 *
 * @param repeated whether it was already accepted with the same idempotency key, so that nothing new was stored
 */
public record Accepted(Notification notification, boolean repeated) {}
