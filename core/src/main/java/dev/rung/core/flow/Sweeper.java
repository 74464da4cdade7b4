package dev.rung.core.flow;

import dev.rung.core.flow.FlowEvent.Rearmed.Cause;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Wake;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Runs the periodic scans of the store: for wakes that the queue lost ({@link LostWakeDetector}), for parked deliveries that nothing unparked, and for
 * deferred ones that are near. Re-arms everything when the queue has lost all wakes. Thread-safe.
 */
final class Sweeper {
    private static final int PAGE = 2_000;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration PARKED_EVERY = Duration.ofSeconds(5);
    private static final int UNPARK_RELEASED = 100;
    /** Far below the queue's horizon, so that even a late run promotes wakes before they are due. */
    private static final Duration PROMOTE_EVERY = Duration.ofSeconds(10);

    private final NotificationStore store;
    private final WakeQueue queue;
    private final EngineRuntime runtime;
    private final WakeScheduler wakes;
    private final InFlightDeliveries inFlights;
    private final Dispatcher dispatcher;
    private final FlowListener listener;
    private final LostWakeDetector lostWakes;
    private volatile boolean stopped;

    Sweeper(
            NotificationStore store,
            WakeQueue queue,
            EngineRuntime runtime,
            WakeScheduler wakes,
            InFlightDeliveries inFlights,
            AttemptTimeouts timeouts,
            Dispatcher dispatcher,
            FlowListener listener) {
        this.store = store;
        this.queue = queue;
        this.runtime = runtime;
        this.wakes = wakes;
        this.inFlights = inFlights;
        this.dispatcher = dispatcher;
        this.listener = listener;
        this.lostWakes = new LostWakeDetector(store, queue, runtime, wakes, inFlights, timeouts, listener);
    }

    void start() {
        lostWakes.start();
        repeat(PARKED_EVERY, this::scanParked);
        runtime.execute(this::promoteDeferred);
    }

    void stop() {
        stopped = true;
        lostWakes.stop();
    }

    /** Runs the task now, and again after a pause following each run, whether it failed or not. */
    private void repeat(Duration pause, Runnable task) {
        runtime.execute(() -> {
            if (stopped) {
                return;
            }
            try {
                task.run();
            } catch (StoreException e) {
                // The store is unavailable, which the settlements report.
                runtime.timer().after(pause, () -> repeat(pause, task));
                return;
            } catch (RuntimeException e) {
                listener.on(new FlowEvent.Defect(e));
            }
            runtime.timer().after(pause, () -> repeat(pause, task));
        });
    }

    private List<Wake> notInFlight(List<Wake> wakes) {
        return wakes.stream().filter(wake -> !inFlights.contains(wake.id())).toList();
    }

    /** Reports every bulkhead with parked deliveries, in case unparking failed or its server died. */
    private void scanParked() {
        @Nullable BulkheadKey after = null;
        List<BulkheadKey> page;
        do {
            page = store.bulkheadsHolding(after, PAGE);
            dispatcher.parkedAt(page);
            after = page.isEmpty() ? null : page.getLast();
        } while (page.size() == PAGE);
        dispatcher.unparkReleased(null, null, UNPARK_RELEASED);
    }

    private void promoteLater(Duration pause) {
        runtime.executeAfter(pause, this::promoteDeferred);
    }

    /** Waits for the confirmation of each page before it reads the next, so that a million deliveries due in one minute do not overload the queue. */
    private void promoteDeferred() {
        if (stopped) {
            return;
        }
        try {
            List<Wake> near =
                    store.promoteDeferred(runtime.now() + queue.horizon().toMillis(), PAGE);
            Runnable next = near.size() == PAGE
                    ? () -> runtime.execute(this::promoteDeferred)
                    : () -> promoteLater(PROMOTE_EVERY);
            wakes.schedule(near).thenRun(next);
        } catch (StoreException e) {
            // The store is unavailable, which the settlements report.
            promoteLater(RETRY);
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
            promoteLater(RETRY);
        }
    }

    /**
     * Re-arms all queued deliveries in due order, because the queue is empty. Completes when all are scheduled; exceptionally when the queue became
     * unavailable or the server stops.
     */
    CompletionStage<@Nullable Void> rearmAll() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        runtime.execute(() -> rearmFrom(null, done));
        return done;
    }

    /** Leaves out due wakes, which another server may be attempting: {@link LostWakeDetector} waits until that must have ended. */
    private List<Wake> notUnderWay(List<Wake> wakes) {
        long due = queue.isShared() ? runtime.now() + WakeQueue.REARM_AHEAD.toMillis() : Long.MIN_VALUE;
        return notInFlight(wakes).stream().filter(wake -> wake.dueAt() > due).toList();
    }

    /** Waits for each page like {@link #promoteDeferred}. */
    private void rearmFrom(@Nullable Wake after, CompletableFuture<@Nullable Void> done) {
        if (stopped || !queue.isConnected()) {
            done.completeExceptionally(
                    new CancellationException("the queue became unavailable before all wakes were re-armed"));
            return;
        }
        try {
            List<Wake> page = store.queued(after, Long.MAX_VALUE, PAGE);
            Runnable next = page.size() == PAGE
                    ? () -> runtime.execute(() -> rearmFrom(page.getLast(), done))
                    : () -> done.complete(null);
            wakes.rearm(notUnderWay(page), Cause.FORGOTTEN, runtime.now()).thenRun(next);
        } catch (StoreException e) {
            runtime.executeAfter(RETRY, () -> rearmFrom(after, done));
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }
}
