package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Detects consumers that the broker lost silently: a queue that is deleted and redeclared before the broker cancels its consumers exists
 * but has none. Used by one thread at a time.
 */
final class ConsumerWatchdog {
    /** A single check may be wrong: a queue that is electing its leader reports no consumers. */
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
     * Checks; called every few seconds while this process consumes.
     *
     * @return whether the queue is missing, or has had no consumer in several checks
     */
    boolean isLost() throws IOException {
        if (channel == null || !channel.isOpen()) {
            channel = Objects.requireNonNull(connection.createChannel(), "no channel is left on the connection");
        }
        try {
            without = channel.queueDeclarePassive(queue).getConsumerCount() == 0 ? without + 1 : 0;
        } catch (IOException e) {
            if (RabbitTopology.isNotFound(e)) {
                return true;
            }
            throw e;
        } catch (ShutdownSignalException e) {
            throw new IOException("the connection is closed", e);
        }
        return without >= LOOKS;
    }

    /** Resets the check while nothing is consumed. */
    void rest() {
        without = 0;
    }
}
