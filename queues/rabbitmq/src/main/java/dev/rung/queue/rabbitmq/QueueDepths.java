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
 * How many messages are in each queue, asked of the broker at most once a second by declaring them passively. Thread-safe; asking
 * may block.
 */
final class QueueDepths {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private record Asked(Map<String, Long> depths, long at) {}

    private final Supplier<List<String>> queues;
    private @Nullable Connection connection;
    private @Nullable Channel channel;
    private @Nullable Asked last;

    /** Asks for these queues. */
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

    /** By queue; without those that are not there; empty when the broker cannot be asked. */
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
            depths.clear(); // the link notices by itself
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
            channel = null; // the broker closed it: no such queue
            return null;
        }
    }
}
