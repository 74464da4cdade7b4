package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to a merchant and its outcome.
 *
 * @param id time-ordered; a repeated write of the same id has no effect
 * @param number from 1; sent to the merchant as {@code rung-attempt}
 * @param dueAt due time by the ladder, epoch milliseconds
 * @param startedAt epoch milliseconds
 * @param mayRepeat an unrecorded attempt on this rung may have been sent before
 * @param superseded it ended after the delivery had changed, and did not change it
 * @param held null if it was not held back
 */
public record Attempt(
        long id,
        int number,
        long dueAt,
        long startedAt,
        int durationMillis,
        Outcome outcome,
        @Nullable Answer answer,
        @Nullable String error,
        boolean mayRepeat,
        boolean superseded,
        @Nullable Held held) {

    /**
     * How long it was held back after it had become due.
     *
     * @param reason the last one
     */
    public record Held(HoldReason reason, int millis) {}

    /**
     * The merchant's answer.
     *
     * @param headers {@code name: value} lines
     * @param body at most the first 4 KiB, as received
     */
    @SuppressWarnings("ArrayRecordComponent") // passed from socket to store; never compared
    public record Answer(int status, String headers, byte[] body) {}

    /** How long after its due time the attempt started, without the time that it was held, in milliseconds, never negative. */
    public long latenessMillis() {
        return Math.max(0, startedAt - dueAt - heldMillis());
    }

    /** How long it was held back after it had become due, in milliseconds. */
    public int heldMillis() {
        return held == null ? 0 : held.millis();
    }

    /** The same attempt, marked as superseded. */
    public Attempt asSuperseded() {
        return new Attempt(id, number, dueAt, startedAt, durationMillis, outcome, answer, error, mayRepeat, true, held);
    }
}
