package dev.rung.core.model;

/** What follows an attempt. */
public sealed interface NextStep {
    /** It is acknowledged; nothing follows. */
    record Delivered() implements NextStep {}

    /** It waits for its next rung, due then (epoch milliseconds). */
    record Retry(long dueAt) implements NextStep {}

    /** The last rung failed; nothing follows. */
    record Exhausted() implements NextStep {}

    /** It was delivered before and only a resend failed: it stays delivered. */
    record Unchanged() implements NextStep {}
}
