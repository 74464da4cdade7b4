package dev.rung.core.flow;

import dev.rung.core.flow.FlowEvent.Rearmed.Cause;
import dev.rung.core.model.Wake;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends wakes to the queue, and sends them again under a raised number when the queue did not confirm them. Thread-safe.
 *
 * <p>A wake is never repeated under its own number: an unconfirmed one may yet arrive, and two valid wakes would be two attempts.
 */
final class WakeScheduler {
    /** Unconfirmed wakes kept in memory; what is beyond is left to the sweeper. */
    private static final int UNCONFIRMED_MAX = 10_000;

    private static final int BATCH = 500;
    private static final Duration RETRY = Duration.ofMillis(500);

    private final NotificationStore store;
    private final WakeQueue queue;
    private final Timer timer;
    private final Executor executor;
    private final FlowListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Wake> unconfirmed = new ArrayDeque<>();
    private boolean repairing;
    private final ArrayDeque<Waiting> gathered = new ArrayDeque<>();
    private boolean gathering;

    private record Waiting(Wake wake, Runnable then) {}

    WakeScheduler(Engine.Ports ports, FlowListener listener) {
        this.store = ports.store();
        this.queue = ports.queue();
        this.timer = ports.timer();
        this.executor = ports.executor();
        this.listener = listener;
    }

    /** Sends a wake on its way, with those that gather meanwhile; runs {@code then} when it is confirmed, or put by to be re-armed. */
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
        executor.execute(this::send);
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

    /** Sends wakes on their way; what is not confirmed is put by to be re-armed. Completes when that is known, never exceptionally. */
    CompletionStage<?> schedule(List<Wake> wakes) {
        CompletionStage<List<Wake>> confirmed;
        try {
            confirmed = wakes.isEmpty() ? CompletableFuture.completedStage(wakes) : queue.schedule(wakes);
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
            confirmed = CompletableFuture.completedStage(wakes);
        }
        return confirmed.thenAccept(this::putBy);
    }

    /**
     * Gives wakes up as lost: raises their numbers and schedules them again. Those that moved meanwhile are left alone. Completes when
     * they are confirmed or put by, never exceptionally.
     *
     * @throws StoreException if the store could not; what it could is on its way
     */
    CompletionStage<?> rearm(List<Wake> lost, Cause cause) {
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int from = 0; from < lost.size(); from += BATCH) {
            List<Wake> raised = store.rearm(lost.subList(from, Math.min(lost.size(), from + BATCH)));
            if (!raised.isEmpty()) {
                listener.on(new FlowEvent.Rearmed(raised.size(), cause));
                sent.add(schedule(raised).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
    }

    private void putBy(List<Wake> notConfirmed) {
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
            }
            if (repairing) {
                return;
            }
            repairing = true;
        } finally {
            lock.unlock();
        }
        timer.after(RETRY, () -> executor.execute(this::repair));
    }

    /** Re-arms what has been put by until now; what this leaves unconfirmed again waits for the next time. */
    private void repair() {
        List<Wake> batch = new ArrayList<>();
        lock.lock();
        try {
            if (unconfirmed.isEmpty()) {
                repairing = false;
                return;
            }
            if (queue.isConnected()) {
                batch.addAll(unconfirmed);
                unconfirmed.clear();
            }
        } finally {
            lock.unlock();
        }
        try {
            // The store wants a notification named once; it may have been put by twice.
            rearm(newestOfEach(batch), Cause.UNCONFIRMED);
        } catch (StoreException e) {
            // The store is away: whoever settles notices and says so. The sweeper finds these when it is back.
            batch.clear();
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
        }
        timer.after(RETRY, () -> executor.execute(this::repair));
    }

    private static List<Wake> newestOfEach(List<Wake> wakes) {
        Map<Long, Wake> newest = new LinkedHashMap<>();
        for (Wake wake : wakes) {
            newest.merge(wake.id().value(), wake, (a, b) -> a.number() >= b.number() ? a : b);
        }
        return List.copyOf(newest.values());
    }
}
