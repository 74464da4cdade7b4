package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to a merchant and what came of it.
 *
 * @param id time-ordered; makes writing it twice harmless
 * @param number from 1; what the merchant saw as {@code rung-attempt}
 * @param dueAt when the ladder said, epoch milliseconds
 * @param startedAt epoch milliseconds
 * @param mayRepeat an earlier attempt on this rung may have been cut off without a record
 * @param superseded it ended after something else had moved the notification, and moved nothing
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
        boolean superseded) {

    /**
     * What the merchant answered.
     *
     * @param headers {@code name: value} lines
     * @param body at most the first 4 KiB, as received
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody, copied by nobody: it goes from socket to store
    public record Answer(int status, String headers, byte[] body) {}

    /** How long after its due time the attempt started, in milliseconds, never negative. */
    public long latenessMillis() {
        return Math.max(0, startedAt - dueAt);
    }

    /** The same attempt, known to have moved nothing. */
    public Attempt asSuperseded() {
        return new Attempt(id, number, dueAt, startedAt, durationMillis, outcome, answer, error, mayRepeat, true);
    }
}
