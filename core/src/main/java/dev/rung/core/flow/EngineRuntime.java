package dev.rung.core.flow;

import dev.rung.core.port.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * The time and the threads of one process.
 *
 * @param executor runs tasks that block for the store
 */
public record EngineRuntime(Timer timer, InstantSource clock, Executor executor) {
    /** Epoch milliseconds. */
    long now() {
        return clock.millis();
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Runs a task that blocks for the store, after the delay. */
    void executeAfter(Duration delay, Runnable task) {
        timer.after(delay, () -> executor.execute(task));
    }
}
