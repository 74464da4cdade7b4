package dev.rung.observability;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * Limits a log to {@value #A_SECOND} lines a second, because outside requests can cause many; the next line says how many were dropped.
 * Thread-safe.
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

    /** The log event, or a no-op event above the limit. */
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
