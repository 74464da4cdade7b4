package dev.rung.core.port;

import java.util.Locale;

/** How a broker moves a wake whose delay has passed to the queue of due wakes. */
public enum DeadLetterStrategy {
    /**
     * The wake stays in the delay queue until the queue of due wakes has confirmed it. A broker crash loses nothing; the throughput is about a
     * quarter.
     */
    AT_LEAST_ONCE,
    /** Not confirmed. Fast; a broker crash loses some wakes, which the sweeper re-arms. */
    AT_MOST_ONCE;

    /** The value in RabbitMQ's arguments and in Rung's settings. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
