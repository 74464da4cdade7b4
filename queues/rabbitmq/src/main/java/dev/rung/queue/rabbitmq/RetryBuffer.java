package dev.rung.queue.rabbitmq;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Failed operations that are retried together after a pause, which doubles until one succeeds. Thread-safe. Bounded by the number of
 * unacknowledged deliveries.
 */
final class RetryBuffer<T> {
    private static final long PAUSE_MIN_NANOS = Duration.ofMillis(100).toNanos();
    private static final long PAUSE_MAX_NANOS = Duration.ofSeconds(5).toNanos();

    private final Consumer<T> again;
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private final LongAdder count = new LongAdder();
    private long pause = PAUSE_MIN_NANOS;
    private long next = System.nanoTime();

    RetryBuffer(Consumer<T> again) {
        this.again = again;
    }

    synchronized void add(T item) {
        long now = System.nanoTime();
        if (now - next >= 0) {
            next = now + pause;
            pause = Math.min(2 * pause, PAUSE_MAX_NANOS);
        }
        waiting.add(item);
    }

    synchronized void succeeded() {
        pause = PAUSE_MIN_NANOS;
    }

    synchronized void clear() {
        waiting.clear();
    }

    /** Number of retries. */
    long count() {
        return count.sum();
    }

    /** Retries the waiting operations if the pause has passed. Called periodically. */
    void runDue() {
        List<T> due = new ArrayList<>();
        synchronized (this) {
            if (System.nanoTime() - next >= 0) {
                due.addAll(waiting);
                waiting.clear();
            }
        }
        count.add(due.size());
        due.forEach(again);
    }
}
