package dev.rung.core.model;

/** The next step after an attempt. */
public sealed interface NextStep {
    /** The attempt was acknowledged: the delivery is settled. */
    record Delivered() implements NextStep {}

    /**
     * There is a next attempt.
     *
     * @param dueAt epoch milliseconds
     */
    record Retry(long dueAt) implements NextStep {}

    /** The last rung failed: the delivery is settled. */
    record Exhausted() implements NextStep {}

    /** A resend of a delivered notification failed: it stays delivered. */
    record Unchanged() implements NextStep {}
}
