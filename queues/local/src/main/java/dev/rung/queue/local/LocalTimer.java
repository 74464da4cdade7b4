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
 * A timer of this process: one thread tells the time, each task runs on a virtual thread of its own, so that one that blocks delays
 * no other. Thread-safe.
 */
public final class LocalTimer implements Timer, AutoCloseable {
    /** Everything that asks for a timer is bounded itself; more than this is a leak. */
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
     * As the port says. After {@link #close} nothing is run any more.
     *
     * @throws IllegalStateException if a million tasks wait already
     */
    @Override
    public Cancellable after(Duration delay, Runnable task) {
        if (hand.getQueue().size() >= pendingMax) {
            throw new IllegalStateException(pendingMax + " timers are set: someone sets them without a bound");
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
            // Closed between the promise and its time: what a closed timer promised is void.
            return;
        }
    }

    /** Takes back everything promised; what has begun goes on. */
    @Override
    public void close() {
        hand.shutdownNow();
        tasks.shutdown();
    }
}
