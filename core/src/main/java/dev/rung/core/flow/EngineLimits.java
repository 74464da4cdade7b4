package dev.rung.core.flow;

import java.time.Duration;

/**
 * The limits of one process.
 *
 * @param maxInFlight attempts in flight
 * @param intakeQueue notifications waiting to be stored; beyond it intake throws {@link Overloaded}
 * @param intakeBytes total size of their payloads
 * @param storeLanes batches of one kind written at the same time; one if the store has one writer
 */
public record EngineLimits(int maxInFlight, int intakeQueue, long intakeBytes, int storeLanes) {
    /**
     * The time after which an attempt on any server must have ended: the default timeout and a second. {@link AttemptTimeouts} adds what a
     * longer one needs.
     */
    public static final Duration ATTEMPT_MUST_HAVE_ENDED = Duration.ofSeconds(6);

    public static final EngineLimits DEFAULT = new EngineLimits(1024, 20_000, 64L << 20, 1);

    public EngineLimits {
        if (maxInFlight < 4 || intakeQueue < 1 || intakeBytes < 1 || storeLanes < 1) {
            throw new IllegalArgumentException("limits must be positive, and max-in-flight at least 4");
        }
    }
}
