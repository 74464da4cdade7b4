package dev.rung.core.flow;

/**
 * The health of a merchant, as seen by this process.
 *
 * @param standing by its recent attempts
 * @param inFlight attempts in flight
 * @param limit attempts that may be in flight now; below the merchant's own limit while it fails
 * @param waiting deliveries in memory that wait for a slot
 * @param holding whether deliveries of the merchant are parked in the store
 * @param succeeded attempts acknowledged since the process began
 * @param failed attempts not acknowledged since the process began
 */
public record MerchantHealth(
        Standing standing, int inFlight, int limit, int waiting, boolean holding, long succeeded, long failed) {
    /** A merchant's standing by its recent attempts. */
    public enum Standing {
        /** No acknowledgement yet, since the start or the last failure; shares a part of the slots. */
        UNKNOWN,
        /** Answers well; may use every slot up to its own limit. */
        GOOD,
        /** Slow or failing; shares a smaller part of the slots. */
        FAILING
    }
}
