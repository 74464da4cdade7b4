package dev.rung.bench;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The lower limit that lateness is compared with: the same hop through the broker alone, with queues of the same kind.
 */
final class BrokerHopScenario {
    private static final long TTL_MILLIS = 3_000;
    private static final String DELAY = "rung.bench.delay";
    private static final String DUE = "rung.bench.due";

    private BrokerHopScenario() {}

    /** Sends this many messages at this rate; returns their lateness in nanoseconds. */
    static long[] measure(String uris, int perSecond, int count) throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        long[] late = new long[count];
        AtomicInteger arrived = new AtomicInteger();
        try {
            factory.setUri(uris.split(",", 2)[0]);
            try (Connection connection = factory.newConnection()) {
                Channel consume = connection.createChannel();
                declare(consume);
                DeliverCallback note = (tag, message) -> {
                    long now = System.nanoTime();
                    int i = arrived.getAndIncrement();
                    if (i < count) {
                        late[i] = now - ByteBuffer.wrap(message.getBody()).getLong() - TTL_MILLIS * 1_000_000;
                    }
                    consume.basicAck(message.getEnvelope().getDeliveryTag(), false);
                };
                consume.basicQos(1000);
                consume.basicConsume(DUE, false, note, tag -> {});
                publish(connection.createChannel(), perSecond, count);
                Bench.await("the broker returns the messages", Duration.ofMinutes(1), () -> arrived.get() >= count);
                consume.queueDelete(DELAY);
                consume.queueDelete(DUE);
            }
        } catch (GeneralSecurityException | URISyntaxException | TimeoutException e) {
            throw new IOException("cannot reach the broker", e);
        }
        return late;
    }

    private static void declare(Channel channel) throws IOException {
        channel.queueDeclare(DUE, true, false, false, Map.of("x-queue-type", "quorum"));
        channel.queueDeclare(
                DELAY,
                true,
                false,
                false,
                Map.of(
                        "x-queue-type", "quorum",
                        "x-message-ttl", TTL_MILLIS,
                        "x-dead-letter-exchange", "",
                        "x-dead-letter-routing-key", DUE,
                        "x-dead-letter-strategy", "at-least-once",
                        "x-overflow", "reject-publish"));
    }

    private static void publish(Channel channel, int perSecond, int count) throws IOException {
        channel.confirmSelect();
        long begun = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long at = begun + i * 1_000_000_000L / perSecond;
            while (System.nanoTime() < at) {
                Bench.pause(Duration.ofNanos(Math.max(1, at - System.nanoTime())));
            }
            byte[] body =
                    ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array();
            channel.basicPublish("", DELAY, MessageProperties.MINIMAL_PERSISTENT_BASIC, body);
        }
    }
}
