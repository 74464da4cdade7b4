package dev.rung.server.wiring;

import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that submissions over AMQP are rejected: the first at once, then a line a minute at most. Thread-safe. */
final class RejectionLog {
    private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final InstantSource clock;
    private long nextMillis;
    private long unlogged;

    RejectionLog(InstantSource clock) {
        this.clock = clock;
    }

    /** Counts a rejection, and logs it if the latest line is old enough. */
    synchronized void add(String reason) {
        unlogged++;
        long now = clock.millis();
        if (now < nextMillis) {
            return;
        }
        nextMillis = now + INTERVAL.toMillis();
        LOG.warn(
                "{} submitted over AMQP {} invalid and kept for correction (GET /v1/rejected); the latest: {}",
                unlogged == 1 ? "A notification" : unlogged + " notifications",
                unlogged == 1 ? "is" : "are",
                reason);
        unlogged = 0;
    }
}
