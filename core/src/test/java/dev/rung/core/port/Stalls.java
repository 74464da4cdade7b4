package dev.rung.core.port;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How late this machine lets a thread go on that asked for a millisecond's rest: what a test that bounds lateness must forgive, for it
 * is nobody's fault. Thread-safe.
 */
public final class Stalls implements AutoCloseable {
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MILLIS_MAX = 60_000;

    /** Naps by how late they ended, in milliseconds. */
    private final int[] naps = new int[MILLIS_MAX + 1];

    private int count;
    private volatile boolean closed;

    private Stalls() {}

    /** Begins to nap, until it is closed. */
    public static Stalls watch() {
        Stalls stalls = new Stalls();
        Thread.ofPlatform().daemon().name("stalls").start(stalls::nap);
        return stalls;
    }

    private void nap() {
        while (!closed) {
            long before = System.nanoTime();
            LockSupport.parkNanos(NAP_NANOS);
            long late = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before - NAP_NANOS);
            note((int) Math.clamp(late, 0, MILLIS_MAX));
        }
    }

    private synchronized void note(int late) {
        naps[late]++;
        count++;
    }

    /** The longest so far, in milliseconds. */
    public synchronized long worst() {
        int worst = MILLIS_MAX;
        while (worst > 0 && naps[worst] == 0) {
            worst--;
        }
        return worst;
    }

    /** What half of the naps so far did not exceed, in milliseconds. */
    public synchronized long median() {
        int before = 0;
        for (int late = 0; late < naps.length; late++) {
            before += naps[late];
            if (2 * before >= count) {
                return late;
            }
        }
        return MILLIS_MAX;
    }

    @Override
    public void close() {
        closed = true;
    }
}
