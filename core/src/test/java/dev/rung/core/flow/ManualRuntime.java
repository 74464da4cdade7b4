package dev.rung.core.flow;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that a test moves. Delayed tasks and the executor's tasks run on the test's thread. */
final class ManualRuntime {
    private static final long BEGIN = 1_000_000;

    private final PriorityQueue<Delayed> delayed =
            new PriorityQueue<>(Comparator.comparingLong(Delayed::at).thenComparingLong(Delayed::order));
    private long now = BEGIN;
    private long timers;

    final InstantSource clock = () -> Instant.ofEpochMilli(now);
    final EngineRuntime runtime = new EngineRuntime(
            (delay, task) -> {
                delayed.add(new Delayed(now + delay.toMillis(), timers++, task));
                return () -> {};
            },
            clock,
            Runnable::run);

    private record Delayed(long at, long order, Runnable task) {}

    long now() {
        return now;
    }

    /** Advances the clock and runs everything that becomes due. */
    void pass(Duration time) {
        long end = now + time.toMillis();
        for (Delayed next = delayed.peek(); next != null && next.at <= end; next = delayed.peek()) {
            delayed.remove();
            now = Math.max(now, next.at);
            next.task.run();
        }
        now = end;
    }
}
