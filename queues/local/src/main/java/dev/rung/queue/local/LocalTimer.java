package dev.rung.queue.local;

import dev.rung.core.port.Timer;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The timer of this process. One thread waits for due times; each task runs on its own virtual thread, so that a
 * blocking task delays no other. Thread-safe.
 */
public final class LocalTimer implements Timer, AutoCloseable {
    /** Every user of timers limits their number itself; more than this indicates a leak. */
    private static final int PENDING_MAX = 1_000_000;

    private final int pendingMax;
    private final ScheduledThreadPoolExecutor hand;
    private final ExecutorService tasks = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("rung-timer-", 0).factory());

    public LocalTimer() {
        this(PENDING_MAX);
    }

    LocalTimer(int pendingMax) {
        this.pendingMax = pendingMax;
        this.hand = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("rung-timer").daemon().factory());
        hand.setRemoveOnCancelPolicy(true);
        hand.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * As the port specifies. After {@link #close} no task is run.
     *
     * @throws IllegalStateException if a million tasks are waiting
     */
    @Override
    public Cancellable after(Duration delay, Runnable task) {
        if (hand.getQueue().size() >= pendingMax) {
            throw new IllegalStateException(pendingMax + " timers are set, which indicates a leak");
        }
        try {
            Future<?> promise = hand.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> promise.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    private void run(Runnable task) {
        try {
            tasks.execute(task);
        } catch (RejectedExecutionException closed) {
            // The timer was closed after the task had been scheduled.
            return;
        }
    }

    /** Cancels all scheduled tasks; running ones continue. */
    @Override
    public void close() {
        hand.shutdownNow();
        tasks.shutdown();
    }
}
