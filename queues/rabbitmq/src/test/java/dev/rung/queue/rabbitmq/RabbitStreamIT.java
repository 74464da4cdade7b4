package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.testing.CutConnection;
import dev.rung.testing.RabbitServer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class RabbitStreamIT {
    private final RabbitServer server = RabbitServer.shared();
    private final String uri = server.freshUri();

    private static RabbitStream stream(String uri, Queue<String> to) {
        RabbitStream stream =
                RabbitStream.open(RabbitSettings.of(uri), event -> to.add(new String(event, StandardCharsets.UTF_8)));
        stream.start();
        return stream;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whileTheBrokerIsAwayEventsAreDroppedAndAfterwardsHeardAgain() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        try (CutConnection cable = CutConnection.to(server.port());
                RabbitStream one = stream(uri.replace(":" + server.port(), ":" + cable.port()), heard);
                RabbitStream two = stream(uri, heard)) {
            await().until(() -> one.isConnected() && two.isConnected());
            cable.cut();
            await().until(() -> !one.publish(bytes("lost")));
            assertThat(one.dropped()).isPositive();

            cable.restore();
            await().until(() -> one.publish(bytes("heard")));
            await().until(() -> heard.contains("heard"));
            await().until(() -> {
                two.publish(bytes("back")); // again and again: it may not be listened for yet
                return heard.contains("back");
            });
        }
    }
}
