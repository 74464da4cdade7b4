package dev.rung.core.flow;

import dev.rung.core.flow.InFlightDelivery.Share;

/**
 * The slots of the process. Good merchants may use every slot. The others share half of the slots, and those that fail or hang a quarter, so that
 * even a thousand of them leave slots for good and new merchants. Guarded by the lock of {@link Bulkheads}.
 */
final class SlotShares {
    private final int slots;
    private int used;
    /** Slots in use by merchants that counted as failing when they took them. */
    private int usedByFailing;
    /** The same for unknown ones. */
    private int usedByUnknown;

    SlotShares(int slots) {
        this.slots = slots;
    }

    /** Whether a slot is free, regardless of shares. */
    boolean hasFree() {
        return used < slots;
    }

    /** Whether a slot is free for a merchant of this share. */
    boolean hasFree(Share share) {
        int notGood = usedByFailing + usedByUnknown;
        return hasFree()
                && switch (share) {
                    case GOOD -> true;
                    case UNKNOWN -> notGood < slots / 2;
                    case FAILING -> notGood < slots / 2 && usedByFailing < slots / 4;
                };
    }

    void take(Share share) {
        count(share, 1);
    }

    void release(Share share) {
        count(share, -1);
    }

    int inUse() {
        return used;
    }

    private void count(Share share, int change) {
        used += change;
        switch (share) {
            case GOOD -> {}
            case UNKNOWN -> usedByUnknown += change;
            case FAILING -> usedByFailing += change;
        }
    }
}
