package dev.rung.core.flow;

/**
 * How a merchant fares, in this process.
 *
 * @param standing what the bulkhead makes of it
 * @param inFlight attempts under way
 * @param limit attempts that may be under way now; below the merchant's own bound while it fails
 * @param waiting wakes in memory that wait for a slot
 * @param holding whether notifications of it are parked in the store
 * @param succeeded attempts acknowledged since the process began
 * @param failed attempts not acknowledged since the process began
 */
public record MerchantHealth(
        Standing standing, int inFlight, int limit, int waiting, boolean holding, long succeeded, long failed) {
    /** What the bulkhead makes of a merchant. */
    public enum Standing {
        /** Nothing is known yet; shares a part of the slots. */
        UNKNOWN,
        /** Answers well; may use every slot up to its own bound. */
        GOOD,
        /** Slow or failing; shares a smaller part of the slots and is probed. */
        FAILING
    }
}
