package dev.rung.core.sim;

import dev.rung.core.memory.StoreFaults;

/** The current fault rates: probabilities, and what is unreachable. */
final class FaultRates {
    /** A transaction fails. */
    double storeFails;
    /** A transaction is slow, and its maximum duration. */
    double storeSlow;

    int storeSlowMillis = 20;
    boolean storeAway;
    /** A process dies at a call of a port. */
    double crash;
    /** A connection breaks during an attempt. */
    double cut;
    /** A confirmed wake is lost. */
    double lose;
    /** A wake arrives twice. */
    double repeat;
    /** A wake arrives late, by up to a minute and a half. */
    double late;
    /** A wake is not confirmed, whether it arrives or not. */
    double unconfirmed;
    /** A wake is returned as unroutable. */
    double unroutable;
    /** A probe is lost. */
    double probeLost;
    /** A wake overtakes earlier ones. */
    double reorder;

    StoreFaults.Fault transaction(VirtualTimeLoop loop) {
        if (storeAway) {
            return StoreFaults.Fault.BEFORE_COMMIT;
        }
        if (!loop.chance(storeFails)) {
            return StoreFaults.Fault.NONE;
        }
        return loop.chance(0.5) ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.AFTER_COMMIT;
    }

    void clear() {
        storeFails = 0;
        storeSlow = 0;
        storeSlowMillis = 20;
        storeAway = false;
        crash = 0;
        cut = 0;
        lose = 0;
        repeat = 0;
        late = 0;
        unconfirmed = 0;
        unroutable = 0;
        probeLost = 0;
        reorder = 0;
    }
}
