package dev.rung.core.model;

/**
 * The end of an attempt, written under the condition that the wake number has not changed.
 *
 * @param wake the wake that caused the attempt
 * @param wakeLocation of the next wake, when {@code next} is a {@link NextStep.Retry}
 * @param endedAt epoch milliseconds
 */
public record Settlement(Wake wake, Attempt attempt, NextStep next, WakeLocation wakeLocation, long endedAt) {}
