package dev.rung.core.port;

import java.time.Duration;

/** Runs tasks after a delay. Thread-safe. */
public interface Timer {
    /** Runs the task once, after the delay. The task must return quickly. */
    Cancellable after(Duration delay, Runnable task);

    /** A scheduled task. */
    interface Cancellable {
        /** Cancels the task if it has not started. */
        void cancel();
    }
}
