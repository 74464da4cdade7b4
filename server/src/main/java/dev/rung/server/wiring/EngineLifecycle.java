package dev.rung.server.wiring;

import dev.rung.core.flow.Engine;
import dev.rung.core.port.Sender;
import dev.rung.observability.StreamHub;
import dev.rung.payments.flow.ChannelMonitor;
import dev.rung.payments.flow.Payments;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the engine once the API is reachable, and drains it while the API answers its last requests: both stop in the same phase, at the
 * same time.
 */
final class EngineLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLifecycle.class);
    /** Of the time for draining, what is kept for settling attempts and closing connections. */
    private static final Duration SETTLING_MAX = Duration.ofSeconds(3);

    private final Engine engine;
    private final Sender sender;
    private final Payments payments;
    private final ChannelMonitor channels;
    private final StreamHub hub;
    private final Duration drain;
    private volatile State state = State.STARTING;
    private volatile boolean drained;
    private volatile boolean stopped;

    /** The stages of its lifecycle. */
    enum State {
        STARTING,
        RUNNING,
        STOPPING
    }

    EngineLifecycle(
            Engine engine,
            Sender sender,
            Payments payments,
            ChannelMonitor channels,
            StreamHub hub,
            Duration drainTimeout) {
        this.engine = engine;
        this.sender = sender;
        this.payments = payments;
        this.channels = channels;
        this.hub = hub;
        this.drain = drainOf(drainTimeout);
    }

    /** How long attempts in flight may take when all of it takes {@code timeout}. */
    static Duration drainOf(Duration timeout) {
        Duration third = timeout.dividedBy(3);
        return timeout.minus(third.compareTo(SETTLING_MAX) < 0 ? third : SETTLING_MAX);
    }

    /** Makes the server not ready; it continues to work until it is stopped. */
    void announceStop() {
        state = State.STOPPING;
    }

    State state() {
        return state;
    }

    /** Whether every attempt had ended and was settled when it stopped. */
    boolean hasDrained() {
        return drained;
    }

    @Override
    public void start() {
        payments.start();
        engine.start(sender);
        channels.start();
        state = State.RUNNING;
    }

    @Override
    public void stop(Runnable whenStopped) {
        state = State.STOPPING;
        stopped = true;
        payments.stop();
        channels.stop();
        hub.close(); // an open stream is a request that never ends
        Thread.ofVirtual().name("rung-drain").start(() -> {
            try {
                drained = engine.drain(drain);
                if (!drained) {
                    LOG.warn(
                            "attempts were still in flight after {} s; they are repeated after the next start",
                            drain.toSeconds());
                }
            } finally {
                whenStopped.run();
            }
        });
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return state == State.RUNNING || state == State.STOPPING && !stopped;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }
}
