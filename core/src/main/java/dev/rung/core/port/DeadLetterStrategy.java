package dev.rung.core.port;

import java.util.Locale;

/** How a broker hands on a wake whose delay has passed. */
public enum DeadLetterStrategy {
    /** Kept in the queue of delays until the queue of due wakes has confirmed it. Loses nothing when a broker is killed; about a quarter as fast. */
    AT_LEAST_ONCE,
    /** Not confirmed. Fast; a broker that is killed loses some, which the sweeper finds. */
    AT_MOST_ONCE;

    /** As RabbitMQ and Rung's settings write it. */
    public String spelled() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
