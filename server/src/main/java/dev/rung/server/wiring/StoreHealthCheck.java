package dev.rung.server.wiring;

import dev.rung.core.port.NotificationStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Queries the store once a second, so that a readiness request never waits for it. Thread-safe. */
final class StoreHealthCheck implements Runnable {
    static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final NotificationStore store;
    private final Executor executor;
    private volatile boolean answers = true;
    private CompletableFuture<Long> asked = CompletableFuture.completedFuture(0L);

    StoreHealthCheck(NotificationStore store, Executor executor) {
        this.store = store;
        this.executor = executor;
    }

    boolean answers() {
        return answers;
    }

    /** Queries the store, unless an earlier query is still unanswered. */
    @Override
    public void run() {
        if (asked.isDone()) {
            asked = CompletableFuture.supplyAsync(store::now, executor);
        }
        try {
            asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            answers = true;
        } catch (ExecutionException | TimeoutException e) {
            answers = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
