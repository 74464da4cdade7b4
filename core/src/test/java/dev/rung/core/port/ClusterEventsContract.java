package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.TestTimeouts;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every broadcast between servers does while its broker is reachable. */
public abstract class ClusterEventsContract {

    /** One more server on the same broker, not started. */
    protected abstract ClusterEvents open(Consumer<byte[]> listener);

    private ClusterEvents server(Queue<String> received) {
        return open(event -> received.add(new String(event, StandardCharsets.UTF_8)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anEventReachesTheOtherServersAndNotItsOwn() {
        Queue<String> first = new ConcurrentLinkedQueue<>();
        Queue<String> second = new ConcurrentLinkedQueue<>();
        Queue<String> third = new ConcurrentLinkedQueue<>();
        try (ClusterEvents one = server(first);
                ClusterEvents two = server(second);
                ClusterEvents three = server(third)) {
            one.start();
            two.start();
            three.start();
            await().atMost(TestTimeouts.AT_MOST)
                    .until(() -> one.isConnected() && two.isConnected() && three.isConnected());

            assertThat(one.publish(bytes("a"))).isTrue();
            assertThat(two.publish(bytes("b"))).isTrue();

            await().atMost(TestTimeouts.AT_MOST)
                    .until(() -> second.contains("a") && third.contains("a") && first.contains("b"));
            assertThat(first).containsExactly("b");
            assertThat(second).containsExactly("a");
            assertThat(third).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void beforeTheStartAndAfterTheEndEventsAreDropped() {
        ClusterEvents events = server(new ConcurrentLinkedQueue<>());
        assertThat(events.isConnected()).isFalse();
        assertThat(events.publish(bytes("early"))).isFalse();

        events.start();
        await().atMost(TestTimeouts.AT_MOST).until(events::isConnected);
        events.close();

        assertThat(events.isConnected()).isFalse();
        assertThat(events.publish(bytes("late"))).isFalse();
    }
}
