package dev.rung.observability;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * Lets {@value #A_SECOND} lines a second through, no more than a person can read, however often what they tell of happens (and much of it anybody
 * can bring about); the next line says how many were left out. Thread-safe.
 */
final class LogRateLimiter {
    static final int A_SECOND = 50;

    private final InstantSource clock;
    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger lines = new AtomicInteger();
    private final AtomicInteger leftOut = new AtomicInteger();

    LogRateLimiter(InstantSource clock) {
        this.clock = clock;
    }

    /** The line, or one that goes nowhere when there were too many this second. */
    LoggingEventBuilder bounded(LoggingEventBuilder line) {
        long now = clock.millis() / 1_000;
        long before = second.get();
        if (now != before && second.compareAndSet(before, now)) {
            lines.set(0);
        }
        if (lines.incrementAndGet() > A_SECOND) {
            leftOut.incrementAndGet();
            return NOPLoggingEventBuilder.singleton();
        }
        int omitted = leftOut.getAndSet(0);
        return omitted == 0 ? line : line.addKeyValue("left_out", omitted);
    }
}
