package dev.rung.queue.rabbitmq;

import java.time.Duration;

/**
 * Detects that nothing from the queue of due wakes reaches this process although probes do: its consumers are gone at the broker. Confined to the
 * thread of the consuming connection.
 */
final class ArrivalWatchdog {
    private static final long NO_ARRIVAL_NANOS = Duration.ofSeconds(8).toNanos();
    private static final int PROBES_MISSED = 3;

    private final ProbeTracker probes;
    /** The last arrival seen, by {@link System#nanoTime}, and the number of probes accepted by then. */
    private long lastArrival;

    private long probesAccepted;

    ArrivalWatchdog(ProbeTracker probes) {
        this.probes = probes;
    }

    /** The connection is up. */
    void reset() {
        lastArrival = System.nanoTime();
        probesAccepted = probes.taken.sum();
    }

    /** Sends a probe, and returns whether arrivals have stopped. */
    boolean hasStopped(WakeConsumers consumers, WakeReceiver receiver) {
        long now = System.nanoTime();
        long accepted = probes.taken.sum();
        boolean stopped = false;
        if (!consumers.hasRoom() || receiver.lastArrival - lastArrival > 0) {
            lastArrival = consumers.hasRoom() ? receiver.lastArrival : now;
            probesAccepted = accepted;
        } else {
            stopped = now - lastArrival > NO_ARRIVAL_NANOS && accepted - probesAccepted >= PROBES_MISSED;
        }
        var _ = probes.ask();
        return stopped;
    }
}
