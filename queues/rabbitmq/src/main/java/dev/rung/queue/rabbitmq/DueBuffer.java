package dev.rung.queue.rabbitmq;

import dev.rung.core.port.WakeQueue;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds arrived wakes until they are due and passes them to the listener in batches: all that are due at the same time. One thread,
 * millisecond precision. Thread-safe. Bounded by the prefetch: every delivery in it is unacknowledged.
 */
final class DueBuffer {
    private static final Logger LOG = LoggerFactory.getLogger(DueBuffer.class);
    private static final int BATCH = 512;

    private enum State {
        DELIVERING,
        /** Nothing is passed on; arrivals are kept, because the broker has not yet stopped delivering. */
        PAUSING,
        /** The broker has stopped delivering; late arrivals are returned to it. */
        PAUSED,
        CLOSED
    }

    /** An entry, ordered by due time, then by arrival. */
    private sealed interface Arrival {
        long dueAt();

        long order();
    }

    private record OfWake(WakeMessage message, long order) implements Arrival {
        @Override
        public long dueAt() {
            return message.wake().dueAt();
        }
    }

    /** An action that runs after everything due before it was passed on. */
    private record Then(Runnable action, long dueAt, long order) implements Arrival {}

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::dueAt).thenComparingLong(Arrival::order));
    private long order;
    private State state = State.DELIVERING;

    DueBuffer(InstantSource clock) {
        this.clock = clock;
    }

    void start(WakeQueue.Listener listener) {
        Thread.ofPlatform().daemon().name("rung-rabbitmq-due").start(() -> run(listener));
    }

    void add(WakeMessage message) {
        lock.lock();
        try {
            if (state != State.PAUSED) {
                arrivals.add(new OfWake(message, order++));
                changed.signalAll();
                return;
            }
        } finally {
            lock.unlock();
        }
        message.receipt().handBack();
    }

    /** Runs the action after everything due by now was passed on; immediately if passing on is paused. */
    void then(Runnable action) {
        lock.lock();
        try {
            if (state == State.DELIVERING) {
                arrivals.add(new Then(action, clock.millis(), order++));
                changed.signalAll();
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** Stops passing wakes on. */
    void pause() {
        set(State.PAUSING);
    }

    /** Called when the broker has stopped delivering: returns all entries and late arrivals to it. */
    void handBack() {
        List<Arrival> back;
        lock.lock();
        try {
            if (state != State.PAUSING) {
                return;
            }
            state = State.PAUSED;
            back = List.copyOf(arrivals);
            arrivals.clear();
        } finally {
            lock.unlock();
        }
        for (Arrival arrival : back) {
            switch (arrival) {
                case OfWake(WakeMessage message, long _) -> message.receipt().handBack();
                case Then(Runnable action, long _, long _) -> action.run();
            }
        }
    }

    void resume() {
        set(State.DELIVERING);
    }

    /** Called when the channel is closed: drops all entries, which the broker redelivers. */
    void forget() {
        lock.lock();
        try {
            arrivals.clear();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        set(State.CLOSED);
    }

    private void set(State to) {
        lock.lock();
        try {
            if (state != State.CLOSED) {
                state = to;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(WakeQueue.Listener listener) {
        try {
            for (List<Arrival> due = take(); !due.isEmpty(); due = take()) {
                try {
                    handOn(due, listener);
                } catch (RuntimeException e) {
                    LOG.error("The listener failed for {} due wakes; they stay unacknowledged", due.size(), e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void handOn(List<Arrival> due, WakeQueue.Listener listener) {
        List<WakeMessage> batch = new ArrayList<>(due.size());
        List<Runnable> afterwards = new ArrayList<>(0);
        for (Arrival arrival : due) {
            switch (arrival) {
                case OfWake(WakeMessage message, long _) -> batch.add(message);
                case Then(Runnable action, long _, long _) -> afterwards.add(action);
            }
        }
        if (!batch.isEmpty()) {
            listener.due(batch);
        }
        afterwards.forEach(Runnable::run);
    }

    /** Waits for due entries; empty when closed. */
    private List<Arrival> take() throws InterruptedException {
        lock.lock();
        try {
            while (state != State.CLOSED) {
                Arrival next = state == State.DELIVERING ? arrivals.peek() : null;
                if (next == null) {
                    changed.await();
                    continue;
                }
                Instant now = clock.instant();
                long early = Duration.between(now, Instant.ofEpochMilli(next.dueAt()))
                        .toNanos();
                if (early <= 0) {
                    return takeDue(now.toEpochMilli());
                }
                changed.awaitNanos(early);
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private List<Arrival> takeDue(long now) {
        List<Arrival> due = new ArrayList<>();
        for (Arrival next = arrivals.peek();
                next != null && next.dueAt() <= now && due.size() < BATCH;
                next = arrivals.peek()) {
            due.add(arrivals.remove());
        }
        return due;
    }
}
