package dev.rung.payments.history;

/** Virtual time, and random numbers from the seed. */
interface TimeAndRandom {
    /** Epoch milliseconds. */
    long now();

    boolean chance(double probability);

    /** From 0 inclusive to the bound exclusive; 0 when the bound is 0. */
    int upTo(int bound);

    /** Schedules a task that does not wait. */
    void runAt(long at, Runnable what);

    /** Waits; other tasks continue. */
    void sleep(long millis);
}
