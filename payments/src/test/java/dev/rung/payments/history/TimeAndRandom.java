package dev.rung.payments.history;

/** What a history goes by: virtual time, and random drawn from a seed. */
interface TimeAndRandom {
    /** Epoch milliseconds. */
    long now();

    boolean chance(double probability);

    /** From 0 inclusive to the bound exclusive; 0 when the bound is 0. */
    int upTo(int bound);

    /** Does something then that waits for nothing. */
    void runAt(long at, Runnable what);

    /** Waits; others go on meanwhile. */
    void sleep(long millis);
}
