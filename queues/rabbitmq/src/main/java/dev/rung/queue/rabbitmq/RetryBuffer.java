package dev.rung.queue.rabbitmq;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * What could not be done now, and is tried again all together after a pause that doubles until something succeeds. Thread-safe.
 * Bounded by what is unacknowledged.
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

    /** How often something was tried again. */
    long count() {
        return count.sum();
    }

    /** Tries again what waits, if it is time. To be called now and again. */
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
