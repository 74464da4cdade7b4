package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.MemoryCluster;
import dev.rung.core.port.ClusterEvents;
import dev.rung.observability.StreamEvent;
import dev.rung.observability.StreamHub;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterEventStreamTest {
    private final MemoryCluster cluster = new MemoryCluster();
    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;
    private final ClusterEventStream stream = new ClusterEventStream(new StreamHub(clock), clock);
    private final List<String> received = new ArrayList<>();
    private final ClusterEvents other = cluster.join(event -> received.add(new String(event, StandardCharsets.UTF_8)));

    private void connect() {
        ClusterEvents events = cluster.join(stream::receive);
        stream.publishTo(events);
        events.start();
        other.start();
    }

    @Test
    void aServerListensForAWhileAfterAnotherHasAnnouncedSubscribers() {
        connect();
        assertThat(stream.listen()).isFalse();

        ClusterEventStream announcing = new ClusterEventStream(new StreamHub(clock), clock);
        announcing.publishTo(other);
        announcing.ask();
        assertThat(stream.listen()).isTrue();

        now = now.plus(ClusterEventStream.ASK_EVERY.multipliedBy(2));
        assertThat(stream.listen()).isTrue();
        now = now.plus(ClusterEventStream.ASK_EVERY.multipliedBy(2));
        assertThat(stream.listen()).as("not announced again").isFalse();
    }

    @Test
    void anEventIsPublishedAsItIs() {
        connect();

        stream.publish(new StreamEvent("notification", null, "{\"x\":1}".getBytes(StandardCharsets.UTF_8)));

        assertThat(received).containsExactly("{\"x\":1}");
    }

    @Test
    void anEventThatCannotBeReadIsIgnored() {
        connect();

        assertThat(other.publish("no event".getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    @Test
    void withoutSubscribersNothingIsAnnounced() {
        connect();

        stream.askAgain();

        assertThat(received).isEmpty();
    }
}
