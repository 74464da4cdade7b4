package dev.rung.core.model;

/**
 * The message "check this delivery at this time": the only kind of message in the wake queue.
 *
 * @param number the delivery's wake number when this wake was created; any other number in the record makes it stale
 * @param dueAt epoch milliseconds
 */
public record Wake(NotificationId id, int number, long dueAt) {}
