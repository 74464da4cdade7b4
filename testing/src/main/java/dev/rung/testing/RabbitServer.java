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
 * A private RabbitMQ node for tests: free ports, its own name, cookie and disk, deleted when it is closed or the JVM
 * exits. One thread may stop and start it; any thread may ask for URIs and queue lengths.
 *
 * <p>It runs an installed RabbitMQ, or else a container. Tests that only need a broker use {@link #shared()} and a
 * {@link #freshUri()} of it; tests that kill, stop or wipe a node start their own.
 */
public final class RabbitServer implements AutoCloseable {
    /** Virtual hosts slow down every start of a node, so only the shared one, which is never restarted, has many. */
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

    /** Starts a node that may be killed, stopped and wiped. */
    public static RabbitServer start() {
        return start(VHOSTS);
    }

    private static RabbitServer start(int vhostsMax) {
        RabbitServer server = new RabbitServer(RabbitNode.prepare(vhostsMax), vhostsMax);
        Runtime.getRuntime().addShutdownHook(server.closer);
        server.restart();
        return server;
    }

    /** The node shared by all tests of this JVM, started at the first call. Never kill, stop or wipe it. */
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

    /**
     * The URI of an unused virtual host. The shared node has {@value #VHOSTS_OF_SHARED} of them, others {@value
     * #VHOSTS}.
     */
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
     * Kills the node after some seconds, as a power failure would. The disk is kept.
     *
     * <p>RabbitMQ stores the list of a node's quorum queues only half a second after a change: a queue declared just
     * before a kill never elects a leader again, and every operation on it hangs. This is a limit of RabbitMQ on a
     * single node, which our tests do not cover.
     */
    public void kill9() {
        long until = System.nanoTime() + REGISTRY_SAVED.toNanos();
        while (System.nanoTime() < until) {
            Processes.pause();
        }
        node.kill9();
    }

    /** Starts it again on the same port and disk, after stopping it if it runs; returns when it answers. */
    public void restart() {
        node.stop();
        node.start();
        awaitAnswer();
    }

    /** Stops it, deletes its disk and starts it again with no data. */
    public void wipe() {
        node.kill9();
        node.deleteDisk();
        node.start();
        awaitAnswer();
    }

    /** Shuts it down in order. */
    public void stop() {
        node.stop();
    }

    /** Triggers a memory alarm: the node blocks publishers until {@link #clearMemoryAlarm}. */
    public void raiseMemoryAlarm() {
        node.control("set_vm_memory_high_watermark", "0.000001");
    }

    public void clearMemoryAlarm() {
        node.control("set_vm_memory_high_watermark", "0.8");
    }

    /** Stops what forwards expired messages of this queue, as the broker's own faults do: what expires stays in it. */
    public void suspendDeadLettering(String uri, String queue) {
        deadLetterWorker(uri, queue, "suspend");
    }

    public void resumeDeadLettering(String uri, String queue) {
        deadLetterWorker(uri, queue, "resume");
    }

    private void deadLetterWorker(String uri, String queue, String what) {
        String vhost = uri.endsWith(":" + port()) ? "/" : uri.substring(uri.lastIndexOf('/') + 1);
        node.control("eval", """
                [case element(2, sys:get_state(P, 5000)) of
                   {resource, <<"%s">>, queue, <<"%s">>} -> sys:%s(P);
                   _ -> other
                 end || {_, P, _, _} <- supervisor:which_children(rabbit_fifo_dlx_sup), is_pid(P)].
                """.formatted(vhost, queue, what));
    }

    /** Makes a quorum queue forget its consumers without telling them. */
    public void forgetConsumers(String uri, String queue) {
        String vhost = vhost(uri);
        node.control("eval", """
                {ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"%s">>, queue, <<"%s">>)),
                Leader = amqqueue:get_pid(Q),
                [{ok, _, _} = ra:process_command(Leader, rabbit_fifo:make_checkout({Tag, Pid}, cancel, #{}))
                 || {Pid, Tag, _, _, _, _, _, _} <- rabbit_amqqueue:consumers(Q)].
                """.formatted(vhost, queue));
    }

    /** The same for all exclusive queues of this URI's virtual host; those that delete themselves are gone then. */
    public void forgetConsumersOfExclusiveQueues(String uri) {
        node.control("eval", """
                [gen_server2:call(amqqueue:get_pid(Q), {basic_cancel, Pid, Tag, undefined, <<"test">>}, infinity)
                 || Q <- rabbit_amqqueue:list(<<"%s">>), amqqueue:get_exclusive_owner(Q) =/= none,
                    {Pid, Tag, _, _, _, _, _, _} <- rabbit_amqqueue:consumers(Q)].
                """.formatted(vhost(uri)));
    }

    private String vhost(String uri) {
        return uri.endsWith(":" + port()) ? "/" : uri.substring(uri.lastIndexOf('/') + 1);
    }

    /** Consumers of a queue of this URI's virtual host, or -1 if there is no such queue. */
    public static long consumers(String uri, String queue) {
        return ask(uri, channel -> {
            try {
                return (long) channel.queueDeclarePassive(queue).getConsumerCount();
            } catch (IOException e) {
                return -1L;
            }
        });
    }

    /**
     * Messages ready in a queue of this URI's virtual host, or -1 if there is no such queue. A quorum queue that is
     * still starting reports 0.
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

    /** An action on a channel; the connection is closed afterwards. */
    public interface Question<T> {
        T ask(Channel channel) throws IOException, InterruptedException;
    }

    /** Opens a connection and a channel, runs the action, and closes both. */
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
            // A starting node accepts connections before it answers.
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

    /** Stops it and deletes its data. */
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
