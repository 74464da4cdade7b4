package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/** The next step after an attempt. */
public sealed interface NextStep {
    /** When the next attempt is due, epoch milliseconds; null if none follows. */
    default @Nullable Long dueAt() {
        return null;
    }

    /** The attempt was acknowledged: the delivery is settled. */
    record Delivered() implements NextStep {}

    /**
     * There is a next attempt.
     *
     * @param at when it is due, epoch milliseconds
     */
    record Retry(long at) implements NextStep {
        @Override
        public Long dueAt() {
            return at;
        }
    }

    /**
     * The receiver asked to wait: the same rung is due again.
     *
     * @param at when it is due, epoch milliseconds
     */
    record Throttled(long at) implements NextStep {
        @Override
        public Long dueAt() {
            return at;
        }
    }

    /** The last rung failed: the delivery is settled. */
    record Exhausted() implements NextStep {}

    /** A resend of a delivered notification failed: it stays delivered. */
    record Unchanged() implements NextStep {}
}
