package dev.rung.server.wiring;

import dev.rung.observability.StreamEvent;
import dev.rung.observability.StreamHub;
import dev.rung.queue.rabbitmq.RabbitStream;
import dev.rung.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the streams of all servers. A server speaks only while another has said, in the last few seconds, that somebody listens there:
 * thousands of events a second for nobody would cost the broker as much as the deliveries.
 */
final class ClusterEventStream implements StreamHub.Others {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterEventStream.class);
    private static final byte[] SOMEBODY_LISTENS = "somebody listens".getBytes(StandardCharsets.US_ASCII);
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

    /** From now on events go out by this stream. */
    void by(RabbitStream stream) {
        publish = event -> {
            var _ = stream.publish(event); // what it drops it counts
        };
        hub.connect(this);
    }

    @Override
    public boolean listen() {
        return clock.millis() < listenUntil;
    }

    @Override
    public void tell(StreamEvent event) {
        publish.accept(event.data());
    }

    @Override
    public void ask() {
        publish.accept(SOMEBODY_LISTENS);
    }

    /** Asks again while somebody listens here. */
    void askAgain() {
        if (hub.size() > 0) {
            ask();
        }
    }

    /** Another server says something. */
    void heard(byte[] message) {
        if (Arrays.equals(message, SOMEBODY_LISTENS)) {
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
