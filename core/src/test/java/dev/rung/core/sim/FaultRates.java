package dev.rung.core.sim;

import dev.rung.core.memory.StoreFaults;

/** How badly things go at present: probabilities, and what is away. */
final class FaultRates {
    /** That a transaction fails. */
    double storeFails;
    /** That a transaction takes long, and how long at most. */
    double storeSlow;

    int storeSlowMillis = 20;
    boolean storeAway;
    /** That a process dies at a call of a port. */
    double crash;
    /** That a connection breaks while an attempt is under way. */
    double cut;
    /** That a confirmed wake is lost. */
    double lose;
    /** That a wake arrives twice. */
    double repeat;
    /** That a wake arrives late, by up to a minute and a half. */
    double late;
    /** That a wake is not confirmed, whether it arrives or not. */
    double unconfirmed;
    /** That a wake comes back as unroutable. */
    double unroutable;
    /** That a probe does not come back. */
    double probeLost;
    /** That a wake overtakes those before it. */
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
