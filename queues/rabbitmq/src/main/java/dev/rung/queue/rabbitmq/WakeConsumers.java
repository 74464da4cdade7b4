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
 * The consumers of one connection: of due wakes, and of those that could not be routed or died. One thread at a time: the
 * link's.
 */
final class WakeConsumers {
    private static final int UNROUTED_PREFETCH = 200;
    private static final Duration FLUSH = Duration.ofMillis(300);

    private final Channel ready;
    private final Channel unrouted;
    private final Acknowledger readyTickets;
    private final Acknowledger unroutedTickets;
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
        this.readyTickets = new Acknowledger(ready, "ack", () -> link.restart("acknowledging failed"));
        this.unroutedTickets = new Acknowledger(unrouted, "ack-unrouted", () -> link.restart("acknowledging failed"));
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

    /** Told of each wake that went astray. */
    interface OnUnrouted {
        /**
         * One is to be re-armed.
         *
         * @param died it was in the queue of due wakes and delivered too often; if not, it found no way there
         */
        void lost(Wake wake, boolean died);
    }

    /** Takes wakes, if it does not already. */
    void resume() throws IOException {
        if (readyConsumer == null) {
            ready.basicQos(prefetch);
            readyConsumer = ready.basicConsume(RabbitTopology.READY, false, new Consumer(ready, RabbitTopology.READY) {
                @Override
                void arrived(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                    arrivals.arrived(envelope, properties, body, readyTickets.delivered(envelope.getDeliveryTag()));
                }
            });
        }
        if (unroutedConsumer == null) {
            unrouted.basicQos(UNROUTED_PREFETCH);
            unroutedConsumer = unrouted.basicConsume(
                    RabbitTopology.UNROUTED, false, new Consumer(unrouted, RabbitTopology.UNROUTED) {
                        @Override
                        void arrived(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                            astray(properties, body, unroutedTickets.delivered(envelope.getDeliveryTag()));
                        }
                    });
        }
    }

    private void astray(AMQP.BasicProperties properties, byte[] body, Acknowledger.Ticket ticket) {
        if (WakeFrame.read(body) instanceof WakeFrame.OfWake(Wake wake, boolean _, long _, int _)) {
            onUnrouted.lost(wake, diedIn(properties, RabbitTopology.READY));
        }
        ticket.done();
    }

    /** The broker keeps a record of each queue that a message died in. */
    private static boolean diedIn(AMQP.BasicProperties properties, String queue) {
        return properties.getHeaders() != null
                && properties.getHeaders().get("x-death") instanceof List<?> deaths
                && deaths.stream()
                        .anyMatch(death -> death instanceof Map<?, ?> of
                                && of.get("queue") instanceof LongString in
                                && queue.equals(in.toString()));
    }

    /** Takes none, if it does; when it returns, the broker sends no more. */
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

    /** Renews the connection when the broker has lost a consumer of it. */
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

    /** Whether due wakes are taken and the broker may send more. */
    boolean hasRoom() {
        return readyConsumer != null && readyTickets.open() < prefetch;
    }

    /** Due wakes that were delivered here and are not acknowledged. */
    int unacknowledged() {
        return readyTickets.open();
    }

    /** Says what is done by now, as long as the channels live; after it, tickets are worth nothing. */
    void close() {
        readyTickets.close(FLUSH);
        unroutedTickets.close(FLUSH);
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

        /** The queue was deleted, or its node went away. */
        @Override
        public void handleCancel(String consumerTag) {
            link.restart("RabbitMQ cancelled the consumer of " + queue);
        }
    }
}
