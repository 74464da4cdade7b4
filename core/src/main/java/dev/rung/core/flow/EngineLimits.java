package dev.rung.core.flow;

import java.time.Duration;

/**
 * The bounds of one process.
 *
 * @param maxInFlight attempts under way at once, in all
 * @param intakeQueue notifications accepted by the API and not yet stored; beyond it intake says {@link Overloaded}
 * @param intakeBytes their payloads together
 * @param storeLanes batches of one kind under way at once: one where the store has one writer
 */
public record EngineLimits(int maxInFlight, int intakeQueue, long intakeBytes, int storeLanes) {
    /** After so long an attempt that was under way anywhere has ended: the sender's deadline and a second. */
    public static final Duration ATTEMPT_MUST_HAVE_ENDED = Duration.ofSeconds(6);

    public static final EngineLimits DEFAULT = new EngineLimits(1024, 20_000, 64L << 20, 1);

    public EngineLimits {
        if (maxInFlight < 4 || intakeQueue < 1 || intakeBytes < 1 || storeLanes < 1) {
            throw new IllegalArgumentException("limits must be positive, and max-in-flight at least 4");
        }
    }
}
