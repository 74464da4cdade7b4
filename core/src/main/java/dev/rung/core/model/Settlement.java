package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * The end of an attempt, written under the condition that the wake number has not changed.
 *
 * @param wake the wake that caused the attempt
 * @param wakeLocation of the next wake, when {@code next} is a {@link NextStep.Retry}
 * @param url where it went, if that is not the URL on record and the record ends with it: it is kept; else null
 * @param endedAt epoch milliseconds
 */
public record Settlement(
        Wake wake,
        Attempt attempt,
        NextStep next,
        WakeLocation wakeLocation,
        @Nullable String url,
        long endedAt) {}
