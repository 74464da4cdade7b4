package dev.rung.core.model;

/**
 * The end of an attempt, to be written if the wake number has not moved.
 *
 * @param wake the wake that the attempt was made for
 * @param place where the next wake will be, when {@code next} is a {@link NextStep.Climb}
 * @param endedAt epoch milliseconds
 */
public record Settlement(Wake wake, Attempt attempt, NextStep next, WakeLocation place, long endedAt) {}
