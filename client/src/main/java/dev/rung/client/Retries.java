package dev.rung.client;

import java.time.Duration;

/**
 * How often a request is repeated that got no response, or a response that says "later". A request that might have been processed is repeated only
 * if that does no harm: reads, changes to a given value, payments, and notifications, which get an idempotency key if they have none.
 *
 * <p>In a round each server is asked once, until one answers. The wait between rounds doubles, and is never shorter than the server's {@code
 * Retry-After}; if that is longer than {@code waitMax}, the call ends at once with the server's response.
 *
 * @param roundsMax at least 1, which means that no server is asked twice
 * @param firstWait between the first two rounds
 * @param waitMax between two rounds
 * @param totalMax no round begins later than this after the call
 */
public record Retries(int roundsMax, Duration firstWait, Duration waitMax, Duration totalMax) {
    /** 4 rounds, first wait 200 ms, waits up to 10 s, 1 minute in all. */
    public static final Retries DEFAULT =
            new Retries(4, Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofMinutes(1));

    /** No server is asked twice. */
    public static final Retries NONE = new Retries(1, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1));

    public Retries {
        if (roundsMax < 1 || firstWait.isNegative() || waitMax.isNegative() || totalMax.isNegative()) {
            throw new IllegalArgumentException("roundsMax must be at least 1, and durations must not be negative");
        }
    }

    /** The wait after a round, from half to the whole of the doubled one, so that clients that failed together come back apart. */
    Duration waitAfter(int round, double random) {
        double doubled = (double) firstWait.toMillis() * Math.pow(2, Math.min(round, 30) - 1.0);
        return Duration.ofMillis((long) (Math.min(doubled, (double) waitMax.toMillis()) * (1 + random) / 2));
    }
}
