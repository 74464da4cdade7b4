package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.rung.core.port.ClusterEvents;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broadcasts events by a fan-out exchange that stores nothing. Thread-safe. While the broker is unreachable, or a receiver is slow, events
 * are dropped and counted.
 */
public final class RabbitStream implements ClusterEvents {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitStream.class);
    /** Maximum events waiting to be published. */
    private static final int WAITING_MAX = 10_000;
    /** Maximum events waiting in the broker for a server; beyond it the oldest are dropped. */
    private static final int QUEUE_MAX = 10_000;

    private final String origin = UUID.randomUUID().toString();
    private final AMQP.BasicProperties properties =
            new AMQP.BasicProperties.Builder().deliveryMode(1).appId(origin).build();
    private final ArrayBlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final LongAdder dropped = new LongAdder();
    private final Consumer<byte[]> subscriber;
    private final RabbitConnection link;
    private final Thread thread;
    private volatile @Nullable Channel channel;
    private @Nullable ConsumerWatchdog watchdog;

    private RabbitStream(RabbitSettings settings, Consumer<byte[]> subscriber) {
        this.subscriber = subscriber;
        link = new RabbitConnection("events", settings, new ConnectionListener());
        thread = Thread.ofPlatform()
                .daemon()
                .name("rung-rabbitmq-events-publisher")
                .unstarted(this::run);
    }

    /**
     * Creates an unconnected stream; {@link #start} connects.
     *
     * @param subscriber receives the events of other servers, on one thread; must return quickly
     */
    public static RabbitStream open(RabbitSettings settings, Consumer<byte[]> subscriber) {
        return new RabbitStream(settings, subscriber);
    }

    @Override
    public void start() {
        thread.start();
        link.start();
    }

    @Override
    public boolean publish(byte[] event) {
        if (channel != null && waiting.offer(event)) {
            return true;
        }
        dropped.increment();
        return false;
    }

    @Override
    public boolean isConnected() {
        return link.isUp();
    }

    /** Number of events dropped since the process started. */
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        try {
            while (true) {
                byte[] event = waiting.take();
                Channel to = channel;
                if (to == null) {
                    dropped.increment();
                } else {
                    publish(to, event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(Channel to, byte[] event) {
        try {
            to.basicPublish(RabbitTopology.EVENTS, "", properties, event);
        } catch (IOException | AlreadyClosedException e) {
            dropped.increment();
            link.restart("publishing failed");
        }
    }

    private void arrived(AMQP.BasicProperties from, byte[] event) {
        if (origin.equals(from.getAppId())) {
            return;
        }
        try {
            subscriber.accept(event);
        } catch (RuntimeException e) {
            LOG.warn("An event of another server could not be handled", e);
        }
    }

    private final class ConnectionListener implements RabbitConnection.ConnectionListener {
        @Override
        public void up(Connection connection) throws IOException, TimeoutException {
            Channel fresh =
                    Objects.requireNonNull(connection.createChannel(), "no channel is left on a new connection");
            fresh.addShutdownListener(cause -> link.restart("the channel was closed: " + cause.getMessage()));
            RabbitTopology.declareEvents(fresh);
            String queue = fresh.queueDeclare("", false, true, true, Map.of("x-max-length", QUEUE_MAX))
                    .getQueue();
            fresh.queueBind(queue, RabbitTopology.EVENTS, "");
            Channel consuming =
                    Objects.requireNonNull(connection.createChannel(), "no channel is left on a new connection");
            consuming.basicConsume(queue, true, new DefaultConsumer(consuming) {
                @Override
                public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties from, byte[] body) {
                    arrived(from, body);
                }

                @Override
                public void handleCancel(String tag) {
                    link.restart("RabbitMQ cancelled the consumer of events");
                }
            });
            watchdog = new ConsumerWatchdog(queue, connection);
            channel = fresh;
        }

        @Override
        public void check(Connection connection) throws IOException {
            ConsumerWatchdog now = watchdog;
            if (now != null && now.isLost()) {
                link.restart("RabbitMQ has lost the consumer of events");
            }
        }

        @Override
        public void down() {
            channel = null;
            watchdog = null;
            dropped.add(waiting.size());
            waiting.clear();
        }
    }

    @Override
    public void close() {
        link.close();
        thread.interrupt();
    }
}
