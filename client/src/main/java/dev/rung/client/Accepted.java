package dev.rung.client;

/**
 * A notification that is stored and will be delivered or visibly exhausted.
 *
 * @param repeated it was accepted before under the same idempotency key; nothing new was stored
 */
public record Accepted(Notification notification, boolean repeated) {}
