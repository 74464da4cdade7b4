package dev.rung.core.flow;

import dev.rung.core.flow.FlowEvent.Rearmed.Cause;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Schedules wakes with the queue, and re-arms those that the queue did not confirm. Thread-safe.
 *
 * <p>A wake is never repeated under its own number: an unconfirmed one may still arrive, and two valid wakes would be two attempts.
 */
final class WakeScheduler {
    /** Limit of unconfirmed wakes in memory; further ones are left to the sweeper. */
    private static final int UNCONFIRMED_MAX = 10_000;

    private static final int BATCH = 500;
    private static final int WINDOW_MIN = 100;
    private static final int WINDOW_MAX = 2_000;
    private static final int REFUSALS_MAX = 3;
    private static final Duration RETRY = Duration.ofMillis(500);

    private final NotificationStore store;
    private final WakeQueue queue;
    private final EngineRuntime runtime;
    private final FlowListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Wake> unconfirmed = new ArrayDeque<>();
    private boolean repairing;
    private int window = WINDOW_MIN;
    /** Unconfirmed since the last window was sent. */
    private int refused;

    private int refusals;
    private final ArrayDeque<Waiting> gathered = new ArrayDeque<>();
    private boolean gathering;

    private record Waiting(Wake wake, Runnable then) {}

    WakeScheduler(NotificationStore store, WakeQueue queue, EngineRuntime runtime, FlowListener listener) {
        this.store = store;
        this.queue = queue;
        this.runtime = runtime;
        this.listener = listener;
    }

    /** The location of a wake that is due at this time: the queue, or, beyond the queue's horizon, the store alone. */
    WakeLocation locationFor(long dueAt, long now) {
        return dueAt - now > queue.horizon().toMillis() ? WakeLocation.DEFERRED : WakeLocation.QUEUED;
    }

    /** Schedules a wake, batched with others; runs {@code then} when it is confirmed or kept for re-arming. */
    void schedule(Wake wake, Runnable then) {
        lock.lock();
        try {
            gathered.add(new Waiting(wake, then));
            if (gathering) {
                return;
            }
            gathering = true;
        } finally {
            lock.unlock();
        }
        runtime.execute(this::send);
    }

    private void send() {
        for (List<Waiting> batch = take(); !batch.isEmpty(); batch = take()) {
            List<Waiting> sent = batch;
            schedule(sent.stream().map(Waiting::wake).toList()).thenRun(() -> sent.forEach(this::confirmed));
        }
    }

    private void confirmed(Waiting waiting) {
        try {
            waiting.then().run();
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
        }
    }

    private List<Waiting> take() {
        lock.lock();
        try {
            List<Waiting> batch = new ArrayList<>();
            while (batch.size() < BATCH && !gathered.isEmpty()) {
                batch.add(gathered.remove());
            }
            gathering = !batch.isEmpty();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Schedules wakes; unconfirmed ones are kept for re-arming. Completes when that is known, never exceptionally. */
    CompletionStage<?> schedule(List<Wake> wakes) {
        CompletionStage<List<Wake>> confirmed;
        try {
            confirmed = wakes.isEmpty() ? CompletableFuture.completedStage(wakes) : queue.schedule(wakes);
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
            confirmed = CompletableFuture.completedStage(wakes);
        }
        return confirmed.thenAccept(this::keepUnconfirmed);
    }

    /**
     * Re-arms lost wakes: raises their numbers and schedules them again. Those that changed meanwhile are skipped. Completes when
     * they are confirmed or kept for re-arming, never exceptionally.
     *
     * @param attemptedUntil wakes due until this time (epoch milliseconds) are marked "may repeat", because an unrecorded attempt may have been sent
     * @throws StoreException if the store failed; wakes with raised numbers are scheduled nevertheless
     */
    CompletionStage<?> rearm(List<Wake> lost, Cause cause, long attemptedUntil) {
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (boolean due : new boolean[] {true, false}) {
            List<Wake> alike = lost.stream()
                    .filter(wake -> (wake.dueAt() <= attemptedUntil) == due)
                    .toList();
            for (int from = 0; from < alike.size(); from += BATCH) {
                List<Wake> raised = store.rearm(alike.subList(from, Math.min(alike.size(), from + BATCH)), due);
                if (!raised.isEmpty()) {
                    listener.on(new FlowEvent.Rearmed(raised.size(), cause));
                    sent.add(schedule(raised).toCompletableFuture());
                }
            }
        }
        return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
    }

    private void keepUnconfirmed(List<Wake> notConfirmed) {
        if (notConfirmed.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            for (Wake wake : notConfirmed) {
                if (unconfirmed.size() == UNCONFIRMED_MAX) {
                    break;
                }
                unconfirmed.add(wake);
                refused++;
            }
            if (repairing) {
                return;
            }
            repairing = true;
        } finally {
            lock.unlock();
        }
        runtime.executeAfter(RETRY, this::repair);
    }

    /**
     * Re-arms the unconfirmed wakes, earliest due first, one window at a time: the next window follows the confirmation of this one. A window that is
     * not confirmed doubles the pause, so that numbers are not raised continually while the queue accepts nothing.
     */
    private void repair() {
        List<Wake> batch;
        lock.lock();
        try {
            if (unconfirmed.isEmpty()) {
                repairing = false;
                window = WINDOW_MIN;
                return;
            }
            batch = queue.isConnected() ? takeEarliest() : List.of();
        } finally {
            lock.unlock();
        }
        if (batch.isEmpty()) {
            repairLater(RETRY);
            return;
        }
        try {
            rearm(batch, Cause.UNCONFIRMED, Long.MIN_VALUE).thenRun(() -> repairLater(adjusted()));
        } catch (StoreException e) {
            // The store is unavailable, which the settlements report. The sweeper finds these later.
            repairLater(RETRY);
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
            repairLater(RETRY);
        }
    }

    private void repairLater(Duration pause) {
        runtime.executeAfter(pause, this::repair);
    }

    /** Widens the window if the last one was confirmed, else narrows it. Returns the pause until the next. */
    private Duration adjusted() {
        lock.lock();
        try {
            boolean confirmed = refused == 0;
            window = confirmed ? Math.min(WINDOW_MAX, 4 * window) : WINDOW_MIN;
            refusals = confirmed ? 0 : Math.min(refusals + 1, REFUSALS_MAX);
            refused = 0;
            return RETRY.multipliedBy(1L << refusals);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the next window; the lock is held. A notification is taken once, because a batch for the store must not repeat it. A wake that is due
     * may be in flight, because the queue may have it all the same: it is left to the sweeper, which waits until that attempt must have ended.
     */
    private List<Wake> takeEarliest() {
        long due = runtime.now() + WakeQueue.REARM_AHEAD.toMillis();
        List<Wake> all = new ArrayList<>(newestOfEach(List.copyOf(unconfirmed)));
        all.removeIf(wake -> wake.dueAt() <= due);
        all.sort(Comparator.comparingLong(Wake::dueAt));
        List<Wake> batch = List.copyOf(all.subList(0, Math.min(window, all.size())));
        unconfirmed.clear();
        unconfirmed.addAll(all.subList(batch.size(), all.size()));
        refused = 0;
        return batch;
    }

    private static List<Wake> newestOfEach(List<Wake> wakes) {
        Map<Long, Wake> newest = new LinkedHashMap<>();
        for (Wake wake : wakes) {
            newest.merge(wake.id().value(), wake, (a, b) -> a.number() >= b.number() ? a : b);
        }
        return List.copyOf(newest.values());
    }
}
