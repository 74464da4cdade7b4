package dev.rung.core.model;

/**
 * "Look at this notification, wake number so-and-so, at this time": all that a queue ever carries.
 *
 * @param number the record's wake number when this wake was made; any other number in the record makes it stale
 * @param dueAt epoch milliseconds
 */
public record Wake(NotificationId id, int number, long dueAt) {}
