package dev.rung.server.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The wall clock that {@link SteppedClockAgent} shows. It is on the boot class path, because classes of the JDK call
 * it.
 */
public final class SteppedWallClock {
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static volatile long offsetNanos;

    private SteppedWallClock() {}

    /** Follows the shift in the file, in seconds. */
    static void follow(String file) {
        Thread.ofPlatform().daemon().name("stepped-time").start(() -> {
            while (true) {
                read(Path.of(file));
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
            }
        });
    }

    private static void read(Path file) {
        try {
            offsetNanos = TimeUnit.SECONDS.toNanos(
                    Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            // The file is being written: the previous shift stays valid.
            return;
        }
    }

    public static long currentTimeMillis() {
        return System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(offsetNanos);
    }

    public static long offsetNanos() {
        return offsetNanos;
    }
}
