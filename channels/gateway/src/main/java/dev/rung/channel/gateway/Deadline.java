package dev.rung.channel.gateway;

import java.time.Duration;

/** A deadline on the JVM's monotonic clock. */
public record Deadline(long nanoTime) {

    /** The deadline after this duration from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** The remaining time; not positive once the deadline has passed. */
    long nanosLeft() {
        return nanoTime - System.nanoTime();
    }
}
