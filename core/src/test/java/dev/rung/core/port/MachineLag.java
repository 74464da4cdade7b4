package dev.rung.core.port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how late this machine resumes a thread that sleeps for a millisecond, and how long its disk takes to sync a
 * page. Tests that limit lateness add this lag to their limits. Thread-safe.
 */
public final class MachineLag implements AutoCloseable {
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long BETWEEN_WRITES_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MILLIS_MAX = 60_000;

    /** The maximum number of threads and writes on the path of a wake, each of which may be delayed. */
    private static final int PASSED_MAX = 10;

    /** Number of sleeps by their lateness in milliseconds. */
    private final int[] naps = new int[MILLIS_MAX + 1];

    private int count;
    private long worstWrite;
    private volatile boolean closed;

    private MachineLag() {}

    /** Starts sleeping and writing, until it is closed. */
    public static MachineLag watch() {
        MachineLag stalls = new MachineLag();
        Thread.ofPlatform().daemon().name("stalls").start(stalls::nap);
        Thread.ofPlatform().daemon().name("slow-writes").start(stalls::write);
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

    private void write() {
        try {
            Path file = Files.createTempFile("rung-stalls-", "");
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                while (!closed) {
                    long before = System.nanoTime();
                    channel.write(ByteBuffer.allocate(4096), 0);
                    channel.force(false);
                    noteWrite(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before));
                    LockSupport.parkNanos(BETWEEN_WRITES_NANOS);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void noteWrite(long millis) {
        worstWrite = Math.max(worstWrite, millis);
    }

    private synchronized void note(int late) {
        naps[late]++;
        count++;
    }

    /** The highest lag so far, in milliseconds. */
    public synchronized long worst() {
        int worst = MILLIS_MAX;
        while (worst > 0 && naps[worst] == 0) {
            worst--;
        }
        return Math.max(worst, worstWrite);
    }

    /** The limit for a path over several threads, processes and writes that has this limit on an ideal machine. */
    public Duration forgive(Duration lateness) {
        return lateness.plusMillis(PASSED_MAX * worst());
    }

    /** The median lag so far, in milliseconds. */
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
