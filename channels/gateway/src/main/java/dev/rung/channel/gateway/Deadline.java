package dev.rung.channel.gateway;

import java.time.Duration;

/** The instant by which everything must be done, on the JVM's own monotonic clock. */
public record Deadline(long nanoTime) {

    /** So much from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** What is left; not positive when it has passed. */
    long nanosLeft() {
        return nanoTime - System.nanoTime();
    }
}
