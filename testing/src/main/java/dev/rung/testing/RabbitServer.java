package dev.rung.testing;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A RabbitMQ node of the tests' own: free ports, its own name, cookie and disk, gone when it is closed or the JVM exits.
 * Thread-safe as far as tests need it: one thread stops and starts it, any may ask for URIs and depths.
 *
 * <p>It runs an installed RabbitMQ where it finds one and a container otherwise. Tests that only need a broker take
 * {@link #shared()} and a {@link #freshUri()} of it; those that kill, stop or wipe start one for themselves.
 */
public final class RabbitServer implements AutoCloseable {
    /** Every start of a node takes the longer the more there are, so only the one that is never started again has many. */
    private static final int VHOSTS = 4;

    private static final int VHOSTS_OF_SHARED = 40;
    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(60);
    private static final Duration LOOK_AT_MOST = Duration.ofSeconds(5);
    private static final Duration REGISTRY_SAVED = Duration.ofSeconds(4);

    private final RabbitNode node;
    private final int vhostsMax;
    private final AtomicInteger vhosts = new AtomicInteger();
    private final Thread closer = new Thread(this::close, "rabbitmq-closer");
    private boolean closed;

    private RabbitServer(RabbitNode node, int vhostsMax) {
        this.node = node;
        this.vhostsMax = vhostsMax;
    }

    /** Starts one that may be killed, stopped and wiped. */
    public static RabbitServer start() {
        return start(VHOSTS);
    }

    private static RabbitServer start(int vhostsMax) {
        RabbitServer server = new RabbitServer(RabbitNode.prepare(vhostsMax), vhostsMax);
        Runtime.getRuntime().addShutdownHook(server.closer);
        server.restart();
        return server;
    }

    /** One for the whole JVM, started by whoever asks first. Never kill, stop or wipe it. */
    public static RabbitServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        private static final RabbitServer SERVER = start(VHOSTS_OF_SHARED);
    }

    /** The URI of the virtual host {@code /}. */
    public String uri() {
        return "amqp://guest:guest@127.0.0.1:" + node.port();
    }

    /** The URI of a virtual host that nobody used before. There are {@value #VHOSTS_OF_SHARED} of them, {@value #VHOSTS} in one's own. */
    public String freshUri() {
        int number = vhosts.incrementAndGet();
        if (number > vhostsMax) {
            throw new IllegalStateException("all " + vhostsMax + " virtual hosts are used; raise their number");
        }
        return uri() + "/" + RabbitNode.vhost(number);
    }

    public int port() {
        return node.port();
    }

    /**
     * Kills the node, as a power cut would, some seconds from now. The disk stays.
     *
     * <p>RabbitMQ writes down which quorum queues a node has only half a second after it was told: a queue declared
     * just before a kill never finds its leader again, and every operation on it hangs. That is RabbitMQ's own, on one node, and
     * no test of ours is about it.
     */
    public void kill9() {
        long until = System.nanoTime() + REGISTRY_SAVED.toNanos();
        while (System.nanoTime() < until) {
            Processes.pause();
        }
        node.kill9();
    }

    /** Starts it again, on the same port and disk, after stopping it if it runs; returns when it answers. */
    public void restart() {
        node.stop();
        node.start();
        awaitAnswer();
    }

    /** Stops it, deletes its disk and starts it again: a broker that knows nothing. */
    public void wipe() {
        node.kill9();
        node.deleteDisk();
        node.start();
        awaitAnswer();
    }

    /** Stops it in order. */
    public void stop() {
        node.stop();
    }

    /** Makes it believe that its memory is full: it blocks whoever publishes, until {@link #clearMemoryAlarm}. */
    public void raiseMemoryAlarm() {
        node.control("set_vm_memory_high_watermark", "0.000001");
    }

    public void clearMemoryAlarm() {
        node.control("set_vm_memory_high_watermark", "0.8");
    }

    /**
     * Messages ready in a queue of this URI's virtual host, or -1 if there is no such queue. A quorum queue that is still
     * starting says 0.
     */
    public static long depth(String uri, String queue) {
        return ask(uri, channel -> {
            try {
                return (long) channel.queueDeclarePassive(queue).getMessageCount();
            } catch (IOException e) {
                return -1L;
            }
        });
    }

    /** What to do with a channel of a connection that lives as long as the call. */
    public interface Question<T> {
        T ask(Channel channel) throws IOException, InterruptedException;
    }

    /** Opens a connection and a channel, asks, closes. */
    public static <T> T ask(String uri, Question<T> question) {
        try (Connection connection = factory(uri, ANSWER_AT_MOST).newConnection("test")) {
            return question.ask(connection.createChannel());
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException("RabbitMQ did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static ConnectionFactory factory(String uri, Duration atMost) {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(uri);
        } catch (Exception e) {
            throw new IllegalArgumentException(uri, e);
        }
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout((int) atMost.toMillis());
        factory.setHandshakeTimeout((int) atMost.toMillis());
        return factory;
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + RabbitNode.PATIENCE.toNanos();
        while (true) {
            // A node that starts takes connections before it answers on them.
            try (Connection connection = factory(uri(), LOOK_AT_MOST).newConnection("test")) {
                connection.createChannel();
                return;
            } catch (IOException | TimeoutException | AlreadyClosedException e) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("RabbitMQ did not start; its log ends:\n" + node.log(), e);
                }
                Processes.pause();
                if (!node.isRunning()) {
                    node.start();
                }
            }
        }
    }

    /** Ends it and deletes its data. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        node.destroy();
        if (Thread.currentThread() != closer) {
            Runtime.getRuntime().removeShutdownHook(closer);
        }
    }
}
