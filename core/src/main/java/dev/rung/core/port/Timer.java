package dev.rung.core.port;

import java.time.Duration;

/** Runs things later. Thread-safe. */
public interface Timer {
    /** Runs the task once, after the delay, on a thread that must not be kept long. */
    Cancellable after(Duration delay, Runnable task);

    /** What {@link #after} promised and may be taken back. */
    interface Cancellable {
        /** Takes it back, if it has not begun. */
        void cancel();
    }
}
