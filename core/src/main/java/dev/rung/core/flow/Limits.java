package dev.rung.core.flow;

import java.time.Duration;

/**
 * The bounds of one process.
 *
 * @param maxInFlight attempts under way at once, in all
 * @param intakeQueue notifications accepted by the API and not yet stored; beyond it intake says {@link Overloaded}
 * @param intakeBytes their payloads together
 */
public record Limits(int maxInFlight, int intakeQueue, long intakeBytes) {
    /** How long a batch, a look-up or a redelivered wake may take before something else must have ended. */
    public static final Duration ATTEMPT_MUST_HAVE_ENDED = Duration.ofSeconds(6);

    public static final Limits DEFAULT = new Limits(1024, 20_000, 64L << 20);

    public Limits {
        if (maxInFlight < 4 || intakeQueue < 1 || intakeBytes < 1) {
            throw new IllegalArgumentException("limits must be positive, and max-in-flight at least 4");
        }
    }
}
