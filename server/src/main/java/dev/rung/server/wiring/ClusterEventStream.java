package dev.rung.server.wiring;

import dev.rung.core.port.ClusterEvents;
import dev.rung.observability.StreamEvent;
import dev.rung.observability.StreamHub;
import dev.rung.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the event streams of all servers. A server publishes its events only while another has announced, in the last few seconds, that it
 * has subscribers: thousands of events a second without a reader would cost the broker as much as the deliveries.
 */
final class ClusterEventStream implements StreamHub.Others {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterEventStream.class);
    private static final byte[] SUBSCRIBERS_HERE = "subscribers here".getBytes(StandardCharsets.US_ASCII);
    static final Duration ASK_EVERY = Duration.ofSeconds(5);
    private static final Duration ASKED_FOR = ASK_EVERY.multipliedBy(3);

    private final StreamHub hub;
    private final InstantSource clock;
    private volatile Consumer<byte[]> publish = event -> {};
    private volatile long listenUntil;

    ClusterEventStream(StreamHub hub, InstantSource clock) {
        this.hub = hub;
        this.clock = clock;
    }

    /** From now on events are published there. */
    void publishTo(ClusterEvents events) {
        publish = event -> {
            var _ = events.publish(event); // dropped events are counted there
        };
        hub.connect(this);
    }

    @Override
    public boolean listen() {
        return clock.millis() < listenUntil;
    }

    @Override
    public void publish(StreamEvent event) {
        publish.accept(event.data());
    }

    @Override
    public void ask() {
        publish.accept(SUBSCRIBERS_HERE);
    }

    /** Repeats the announcement while there are subscribers here. */
    void askAgain() {
        if (hub.size() > 0) {
            ask();
        }
    }

    /** Receives a message of another server. */
    void receive(byte[] message) {
        if (Arrays.equals(message, SUBSCRIBERS_HERE)) {
            listenUntil = clock.millis() + ASKED_FOR.toMillis();
            return;
        }
        try {
            hub.deliver(StreamEvent.read(message));
        } catch (IllegalArgumentException | ProblemException e) {
            LOG.debug("an event of another server cannot be read", e);
        }
    }
}
