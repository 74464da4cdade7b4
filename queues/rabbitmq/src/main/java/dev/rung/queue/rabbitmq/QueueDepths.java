package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The number of messages in each queue, read by passive declarations at most once a second. Thread-safe; may block.
 */
final class QueueDepths {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private record Asked(Map<String, Long> depths, long at) {}

    private final Supplier<List<String>> queues;
    private @Nullable Connection connection;
    private @Nullable Channel channel;
    private @Nullable Asked last;

    /** Reads the depths of these queues. */
    QueueDepths(Supplier<List<String>> queues) {
        this.queues = queues;
    }

    synchronized void up(Connection fresh) {
        connection = fresh;
        channel = null;
        last = null;
    }

    synchronized void down() {
        connection = null;
        channel = null;
        last = null;
    }

    /** The depth by queue, without missing queues; empty if the broker is unreachable. */
    synchronized Map<String, Long> now() {
        Asked known = last;
        if (known != null && System.nanoTime() - known.at < FRESH_NANOS) {
            return known.depths;
        }
        Map<String, Long> depths = new LinkedHashMap<>();
        try {
            for (String queue : queues.get()) {
                Long depth = ask(queue);
                if (depth != null) {
                    depths.put(queue, depth);
                }
            }
        } catch (IOException | ShutdownSignalException e) {
            depths.clear(); // the link detects this itself
        }
        last = new Asked(Map.copyOf(depths), System.nanoTime());
        return last.depths;
    }

    private @Nullable Long ask(String queue) throws IOException {
        Connection to = connection;
        if (to == null) {
            return null;
        }
        Channel on = channel;
        if (on == null || !on.isOpen()) {
            on = to.createChannel();
            channel = on;
        }
        try {
            return (long) on.queueDeclarePassive(queue).getMessageCount();
        } catch (IOException e) {
            if (RabbitTopology.replyCode(e) == 0) {
                throw e;
            }
            channel = null; // the broker closes the channel if the queue does not exist
            return null;
        }
    }
}
