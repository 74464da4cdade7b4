package dev.rung.core.flow;

import org.jspecify.annotations.Nullable;

/**
 * The health of a receiver, as seen by this process.
 *
 * @param standing by its recent attempts
 * @param inFlight attempts in flight
 * @param limit attempts that may be in flight now; below the receiver's own limit while it fails or is throttled
 * @param waiting deliveries in memory that wait for a slot
 * @param successRate the share of recent attempts that were acknowledged, 0 to 1; null if none has ended
 */
public record ReceiverHealth(
        Standing standing,
        int inFlight,
        int limit,
        int waiting,
        @Nullable Double successRate) {
    /** The condition of a receiver, as operators see it. */
    public enum Standing {
        /** No attempt has ended yet. */
        UNKNOWN,
        /** Answers and acknowledges. */
        GOOD,
        /** Acknowledges, but takes more than a second on average. */
        SLOW,
        /** Asked to wait, or is still sent less because it did. */
        THROTTLED,
        /** Answers, but acknowledges less than half of the recent attempts. */
        FAILING,
        /** Does not answer more than half of the recent attempts. */
        NOT_ANSWERING
    }
}
