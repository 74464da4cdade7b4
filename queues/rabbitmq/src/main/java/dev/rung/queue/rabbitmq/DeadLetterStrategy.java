package dev.rung.queue.rabbitmq;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How an expired wake gets from its queue of delays to the queue of due ones. */
public enum DeadLetterStrategy {
    /** RabbitMQ keeps it until the queue of due wakes has confirmed it. Lost nothing when a broker was killed; about a quarter as fast. */
    AT_LEAST_ONCE("at-least-once"),
    /** RabbitMQ lets it go and hopes. Fast; a killed broker loses some, and the sweeper finds them. */
    AT_MOST_ONCE("at-most-once");

    private final String spelled;

    DeadLetterStrategy(String spelled) {
        this.spelled = spelled;
    }

    /** As RabbitMQ and Rung's settings write it. */
    public String spelled() {
        return spelled;
    }

    /**
     * Reads the spelled form.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static DeadLetterStrategy parse(String text) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.spelled.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(values())
                                .map(DeadLetterStrategy::spelled)
                                .collect(Collectors.joining(", "))
                        + ", not " + text));
    }
}
