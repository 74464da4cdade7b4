package dev.rung.core.flow;

import dev.rung.core.flow.FlowEvent.Rearmed.Cause;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds overdue wakes that the queue has lost and re-arms them, oldest first, in bounded windows. Thread-safe.
 *
 * <p>An overdue wake is not necessarily lost: it may be part of a backlog. Therefore, once a second, the records that are a second overdue, and that
 * no moving delay queue may still hold, become suspects, and a probe is sent through the queue of due wakes. When a probe sent after them is back
 * and the time of an attempt has passed, a suspect whose number has not changed is lost. Several groups of suspects wait at the same time, so that a
 * wake lost just after a scan is found as fast as one lost before it. A backlog delays the probe, and then nothing is re-armed.
 */
final class LostWakeDetector {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final long OVERDUE_MILLIS = 1_000;
    private static final int WINDOW = 5_000;
    /** Limit of groups of suspects that wait for a probe; when it is reached, scans pause until a probe is back. */
    private static final int GROUPS_MAX = 8;

    private final NotificationStore store;
    private final WakeQueue queue;
    private final EngineRuntime runtime;
    private final WakeScheduler wakes;
    private final InFlightDeliveries inFlights;
    private final AttemptTimeouts timeouts;
    private final FlowListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Suspects> unprobed = new ArrayDeque<>();
    private final Set<Wake> suspected = new HashSet<>();
    private long groups;
    /** Where the next scan continues; null: at the oldest. Used by one scan at a time. */
    private volatile @Nullable Wake position;

    private volatile boolean stopped;

    /**
     * Wakes that were overdue at one scan, in due order.
     *
     * @param heldBack they may have been in a stalled delay queue, so that no server received them
     * @param resumptions {@link WakeQueue#resumptions} at that time
     */
    private record Suspects(long group, List<Wake> wakes, boolean heldBack, long resumptions) {}

    LostWakeDetector(
            NotificationStore store,
            WakeQueue queue,
            EngineRuntime runtime,
            WakeScheduler wakes,
            InFlightDeliveries inFlights,
            AttemptTimeouts timeouts,
            FlowListener listener) {
        this.store = store;
        this.queue = queue;
        this.runtime = runtime;
        this.wakes = wakes;
        this.inFlights = inFlights;
        this.timeouts = timeouts;
        this.listener = listener;
    }

    void start() {
        runtime.executeAfter(EVERY, () -> {
            if (!stopped) {
                safely(this::scan);
                start();
            }
        });
    }

    void stop() {
        stopped = true;
    }

    /** Runs a step so that a failure does not end the scans. */
    private void safely(Runnable step) {
        try {
            step.run();
        } catch (StoreException e) {
            // The store is unavailable, which the settlements report.
            return;
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
        }
    }

    private void scan() {
        suspect();
        long newest;
        lock.lock();
        try {
            if (unprobed.isEmpty()) {
                return;
            }
            newest = unprobed.getLast().group;
        } finally {
            lock.unlock();
        }
        queue.probe().thenAccept(back -> {
            if (back) {
                probed(newest);
            }
        });
    }

    private void suspect() {
        lock.lock();
        try {
            if (unprobed.size() >= GROUPS_MAX) {
                return;
            }
        } finally {
            lock.unlock();
        }
        List<Wake> overdue = store.queued(position, runtime.now() - OVERDUE_MILLIS, WINDOW);
        position = overdue.size() == WINDOW ? overdue.getLast() : null;
        long resumptions = queue.resumptions();
        List<Wake> loose = new ArrayList<>();
        List<Wake> heldBack = new ArrayList<>();
        for (Wake wake : overdue) {
            if (!inFlights.contains(wake.id()) && !queue.mayStillHold(wake.dueAt())) {
                (queue.isHeldBack(wake.dueAt()) ? heldBack : loose).add(wake);
            }
        }
        lock.lock();
        try {
            suspect(loose, false, resumptions);
            suspect(heldBack, true, resumptions);
        } finally {
            lock.unlock();
        }
    }

    /** With the lock held. */
    private void suspect(List<Wake> found, boolean heldBack, long resumptions) {
        List<Wake> fresh = found.stream().filter(suspected::add).toList();
        if (!fresh.isEmpty()) {
            unprobed.add(new Suspects(++groups, fresh, heldBack, resumptions));
        }
    }

    private void probed(long newest) {
        List<Suspects> behind = new ArrayList<>();
        lock.lock();
        try {
            while (!unprobed.isEmpty() && unprobed.getFirst().group <= newest) {
                behind.add(unprobed.removeFirst());
            }
        } finally {
            lock.unlock();
        }
        if (!behind.isEmpty()) {
            runtime.executeAfter(
                    EngineLimits.ATTEMPT_MUST_HAVE_ENDED,
                    () -> behind.forEach(group -> safely(() -> conclude(group, Duration.ZERO))));
        }
    }

    /**
     * Re-arms the suspects whose numbers have not changed.
     *
     * @param waited the time beyond {@link EngineLimits#ATTEMPT_MUST_HAVE_ENDED} that has passed; attempts of some receivers take longer
     */
    private void conclude(Suspects suspects, Duration waited) {
        List<Wake> concluded = suspects.wakes;
        try {
            if (stopped || queue.resumptions() != suspects.resumptions) {
                return;
            }
            Set<Wake> unmoved = new HashSet<>(store.queued(
                    before(suspects.wakes.getFirst()), suspects.wakes.getLast().dueAt(), WINDOW));
            List<Wake> lost = suspects.wakes.stream()
                    .filter(unmoved::contains)
                    .filter(wake -> !inFlights.contains(wake.id()))
                    .filter(wake -> !queue.mayStillHold(wake.dueAt()))
                    .toList();
            Map<NotificationId, Duration> extra =
                    timeouts.extra(lost.stream().map(Wake::id).toList());
            Duration longest =
                    extra.values().stream().max(Comparator.naturalOrder()).orElse(waited);
            List<Wake> later = lost.stream()
                    .filter(wake -> extra.getOrDefault(wake.id(), waited).compareTo(waited) > 0)
                    .toList();
            if (!later.isEmpty()) {
                concluded = suspects.wakes.stream()
                        .filter(wake -> !later.contains(wake))
                        .toList();
                Suspects rest = new Suspects(suspects.group, later, suspects.heldBack, suspects.resumptions);
                runtime.executeAfter(longest.minus(waited), () -> safely(() -> conclude(rest, longest)));
            }
            List<Wake> ended =
                    lost.stream().filter(wake -> !later.contains(wake)).toList();
            wakes.rearm(ended, Cause.OVERDUE, suspects.heldBack ? Long.MIN_VALUE : runtime.now());
        } finally {
            lock.lock();
            try {
                concluded.forEach(suspected::remove);
            } finally {
                lock.unlock();
            }
        }
    }

    /** A position just before this wake. */
    private static Wake before(Wake wake) {
        return new Wake(wake.id(), wake.number(), wake.dueAt() - 1);
    }
}
