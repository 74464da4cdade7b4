package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import dev.rung.core.model.Wake;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of one connection: for due wakes, and for unroutable or dead-lettered ones. Used only by the thread of {@link RabbitConnection}.
 */
final class WakeConsumers {
    private static final int UNROUTED_PREFETCH = 200;
    private static final Duration FLUSH = Duration.ofMillis(300);

    private final Channel ready;
    private final Channel unrouted;
    private final Acknowledger readyAcks;
    private final Acknowledger unroutedAcks;
    private final int prefetch;
    private final WakeReceiver arrivals;
    private final OnUnrouted onUnrouted;
    private final RabbitConnection link;
    private final ConsumerWatchdog readyWatchdog;
    private final ConsumerWatchdog unroutedWatchdog;
    private volatile @Nullable String readyConsumer;
    private @Nullable String unroutedConsumer;

    WakeConsumers(
            Connection connection, int prefetch, WakeReceiver arrivals, OnUnrouted onUnrouted, RabbitConnection link)
            throws IOException {
        this.prefetch = prefetch;
        this.arrivals = arrivals;
        this.onUnrouted = onUnrouted;
        this.link = link;
        this.readyWatchdog = new ConsumerWatchdog(RabbitTopology.READY, connection);
        this.unroutedWatchdog = new ConsumerWatchdog(RabbitTopology.UNROUTED, connection);
        this.ready = open(connection, RabbitTopology.READY);
        this.unrouted = open(connection, RabbitTopology.UNROUTED);
        this.readyAcks = new Acknowledger(ready, "ack", () -> link.restart("acknowledging failed"));
        this.unroutedAcks = new Acknowledger(unrouted, "ack-unrouted", () -> link.restart("acknowledging failed"));
    }

    private Channel open(Connection connection, String queue) throws IOException {
        Channel channel = connection.createChannel();
        channel.addShutdownListener(cause -> {
            if (!cause.isInitiatedByApplication()) {
                link.restart("the channel of " + queue + " was closed: " + cause.getMessage());
            }
        });
        return channel;
    }

    /** Called for each unroutable or dead-lettered wake. */
    interface OnUnrouted {
        /**
         * The wake must be re-armed.
         *
         * @param died true if it exceeded the delivery limit of the queue of due wakes; false if it was unroutable
         */
        void lost(Wake wake, boolean died);
    }

    /** Starts consuming unless it already does. */
    void resume() throws IOException {
        if (readyConsumer == null) {
            ready.basicQos(prefetch);
            readyConsumer = ready.basicConsume(RabbitTopology.READY, false, new Consumer(ready, RabbitTopology.READY) {
                @Override
                void arrived(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                    arrivals.arrived(envelope, properties, body, readyAcks.delivered(envelope.getDeliveryTag()));
                }
            });
        }
        if (unroutedConsumer == null) {
            unrouted.basicQos(UNROUTED_PREFETCH);
            unroutedConsumer = unrouted.basicConsume(
                    RabbitTopology.UNROUTED, false, new Consumer(unrouted, RabbitTopology.UNROUTED) {
                        @Override
                        void arrived(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                            onUnrouted(properties, body, unroutedAcks.delivered(envelope.getDeliveryTag()));
                        }
                    });
        }
    }

    private void onUnrouted(AMQP.BasicProperties properties, byte[] body, Acknowledger.PendingAck pendingAck) {
        if (WakeFrame.read(body) instanceof WakeFrame.OfWake(Wake wake, boolean _, long _, int _)) {
            onUnrouted.lost(wake, diedIn(properties, RabbitTopology.READY));
        }
        pendingAck.done();
    }

    /** The broker records each queue that dead-lettered a message ({@code x-death}). */
    private static boolean diedIn(AMQP.BasicProperties properties, String queue) {
        return properties.getHeaders() != null
                && properties.getHeaders().get("x-death") instanceof List<?> deaths
                && deaths.stream()
                        .anyMatch(death -> death instanceof Map<?, ?> of
                                && of.get("queue") instanceof LongString in
                                && queue.equals(in.toString()));
    }

    /** Stops consuming; on return the broker delivers no more. */
    void pause() throws IOException {
        if (readyConsumer != null) {
            ready.basicCancel(readyConsumer);
            readyConsumer = null;
        }
        if (unroutedConsumer != null) {
            unrouted.basicCancel(unroutedConsumer);
            unroutedConsumer = null;
        }
    }

    /** Reconnects if the broker has lost a consumer. */
    void check() throws IOException {
        if (readyConsumer == null || unroutedConsumer == null) {
            readyWatchdog.rest();
            unroutedWatchdog.rest();
        } else if (readyWatchdog.isLost()) {
            link.restart("RabbitMQ has lost the consumer of " + RabbitTopology.READY);
        } else if (unroutedWatchdog.isLost()) {
            link.restart("RabbitMQ has lost the consumer of " + RabbitTopology.UNROUTED);
        }
    }

    /** Whether due wakes are consumed and the prefetch is not exhausted. */
    boolean hasRoom() {
        return readyConsumer != null && readyAcks.open() < prefetch;
    }

    /** Number of unacknowledged due wakes. */
    int unacknowledged() {
        return readyAcks.open();
    }

    /** Sends the outstanding acknowledgements while the channels are open; later ones have no effect. */
    void close() {
        readyAcks.close(FLUSH);
        unroutedAcks.close(FLUSH);
    }

    private abstract class Consumer extends DefaultConsumer {
        private final String queue;

        Consumer(Channel channel, String queue) {
            super(channel);
            this.queue = queue;
        }

        abstract void arrived(Envelope envelope, AMQP.BasicProperties properties, byte[] body);

        @Override
        public void handleDelivery(
                String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            arrived(envelope, properties, body);
        }

        /** The queue was deleted, or its node failed. */
        @Override
        public void handleCancel(String consumerTag) {
            link.restart("RabbitMQ cancelled the consumer of " + queue);
        }
    }
}
