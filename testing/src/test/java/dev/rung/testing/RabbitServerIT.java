package dev.rung.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RabbitServerIT {

    @Test
    void whatWasConfirmedOutlivesAKillButNotAWipe() {
        try (RabbitServer server = RabbitServer.start()) {
            String uri = server.freshUri();
            RabbitServer.ask(uri, channel -> {
                channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", "quorum"));
                channel.confirmSelect();
                byte[] body = "one".getBytes(StandardCharsets.UTF_8);
                channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC, body);
                return channel.waitForConfirms();
            });

            server.kill9();
            server.restart();
            await().until(() -> RabbitServer.depth(uri, "q"), depth -> depth == 1);

            server.wipe();
            assertThat(RabbitServer.depth(uri, "q")).isEqualTo(-1);
        }
    }
}
