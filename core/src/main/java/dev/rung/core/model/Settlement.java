package dev.rung.core.model;

/**
 * The end of an attempt, to be written if the wake number has not moved.
 *
 * @param wake the wake that the attempt was made for
 * @param wakeLocation where the next wake will be, when {@code next} is a {@link NextStep.Retry}
 * @param endedAt epoch milliseconds
 */
public record Settlement(Wake wake, Attempt attempt, NextStep next, WakeLocation wakeLocation, long endedAt) {}
