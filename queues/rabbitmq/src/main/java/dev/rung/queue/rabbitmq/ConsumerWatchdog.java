package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the broker has lost a consumer without saying so: a queue that is declared again faster than the broker cancels its consumers is there
 * and has none. One thread at a time.
 */
final class ConsumerWatchdog {
    /** One look may be wrong: a queue that is electing its leader says that it has no consumers. */
    private static final int LOOKS = 3;

    private final String queue;
    private final Connection connection;
    private @Nullable Channel channel;
    private int without;

    ConsumerWatchdog(String queue, Connection connection) {
        this.queue = queue;
        this.connection = connection;
    }

    /**
     * Looks, every few seconds while this process consumes.
     *
     * @return whether the queue is gone, or has had no consumer for several looks
     */
    boolean isLost() throws IOException {
        if (channel == null || !channel.isOpen()) {
            channel = Objects.requireNonNull(connection.createChannel(), "the connection has channels left");
        }
        try {
            without = channel.queueDeclarePassive(queue).getConsumerCount() == 0 ? without + 1 : 0;
        } catch (IOException e) {
            if (RabbitTopology.isNotFound(e)) {
                return true;
            }
            throw e;
        } catch (ShutdownSignalException e) {
            throw new IOException("the connection is gone", e);
        }
        return without >= LOOKS;
    }

    /** Nothing is consumed for now. */
    void rest() {
        without = 0;
    }
}
