package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.rung.core.port.StoreException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A RabbitMQ connection that reconnects on its own thread, to the next host each time, with a bounded pause between attempts. Thread-safe.
 *
 * <p>Every irregularity (a channel closed by the broker, a cancelled consumer, a deleted queue) is handled the same way: the connection is
 * closed, and everything on it is recreated and redeclared. A single recovery path is exercised often and so well tested.
 */
final class RabbitConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitConnection.class);
    private static final Duration PAUSE_MIN = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(3);
    private static final Duration PAUSE_MISMATCH = Duration.ofSeconds(30);
    private static final Duration LASTED = Duration.ofSeconds(10);
    private static final int ABORT_MILLIS = 1_000;
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(2);
    private static final int SAID_MAX = 20;

    /** The user of the connection. Called only by the link's thread. */
    interface ConnectionListener {
        /** The connection is open. An exception closes it; it is reopened after a pause. */
        void up(Connection connection) throws IOException, TimeoutException;

        /** The connection is closed, or {@link #up} failed. */
        void down();

        /** Called every few seconds while the connection is up. An exception closes it. */
        default void check(Connection connection) throws IOException {}
    }

    /** A task for the link's thread. */
    interface Task {
        void run(Connection connection) throws IOException, TimeoutException;
    }

    private static final Task END = connection -> {};

    private final String name;
    private final RabbitSettings settings;
    private final ConnectionListener listener;
    private final ThreadFactory threads;
    private final ExecutorService deliveries;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private final Set<String> said = new HashSet<>();
    private final Deque<URI> untried = new ArrayDeque<>();
    private volatile @Nullable BlockingQueue<Task> tasks;
    private volatile @Nullable Connection current;
    private volatile @Nullable String problem = "not connected to RabbitMQ yet";

    RabbitConnection(String name, RabbitSettings settings, ConnectionListener listener) {
        this.name = name;
        this.settings = settings;
        this.listener = listener;
        this.threads = Thread.ofPlatform()
                .daemon()
                .name("rung-rabbitmq-" + name + "-", 0)
                .factory();
        this.deliveries = Executors.newCachedThreadPool(threads);
        this.thread = threads.newThread(this::run);
    }

    void start() {
        thread.start();
    }

    /** Runs a task on the link's thread; does nothing while the connection is down. */
    void execute(Task task) {
        BlockingQueue<Task> current = tasks;
        if (current != null) {
            current.add(task);
        }
    }

    /** Like {@link #execute}, and waits for its end, at most this long; does not wait while the connection is down. */
    void executeNow(Task task, Duration atMost) {
        if (!isUp()) {
            return;
        }
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        execute(connection -> {
            try {
                task.run(connection);
            } finally {
                done.complete(null);
            }
        });
        done.completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Closes the connection and recreates everything. */
    void restart(String why) {
        Connection now = current;
        if (now != null && now.isOpen() && closed.getCount() > 0) {
            LOG.warn("Reconnecting RabbitMQ connection {}: {}", name, why);
        }
        execute(END);
    }

    boolean isUp() {
        return problem == null;
    }

    /** Why the connection is down; empty while it is up. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private void run() {
        Duration pause = PAUSE_MIN;
        while (closed.getCount() > 0) {
            long began = System.nanoTime();
            URI broker = nextBroker();
            boolean mismatch = false;
            try {
                live(broker);
                fail("the connection to RabbitMQ at " + RabbitSettings.shown(broker) + " is lost");
            } catch (TopologyMismatch e) {
                mismatch = true;
                fail(e.explanation());
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                fail(RabbitTopology.explain(broker, e));
            } catch (StoreException e) {
                fail("the store must be available before RabbitMQ is used: " + e.getMessage());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("RabbitMQ connection {} failed unexpectedly", name, e);
                fail(RabbitTopology.explain(broker, e));
            }
            if (System.nanoTime() - began > LASTED.toNanos()) {
                pause = PAUSE_MIN;
            }
            if (!pause(mismatch ? PAUSE_MISMATCH : pause)) {
                return;
            }
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
        }
    }

    /** The hosts in random order, repeatedly, so that the servers' connections are spread over the nodes. */
    private URI nextBroker() {
        if (untried.isEmpty()) {
            List<URI> shuffled = new ArrayList<>(settings.brokers());
            Collections.shuffle(shuffled);
            untried.addAll(shuffled);
        }
        return untried.removeFirst();
    }

    /** Logs a problem once until the connection is up again. */
    private void fail(String what) {
        if (closed.getCount() > 0 && said.size() < SAID_MAX && said.add(what)) {
            LOG.warn("RabbitMQ connection {} is down: {}", name, what);
        }
        problem = what;
    }

    private boolean pause(Duration pause) {
        try {
            return !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void live(URI broker) throws IOException, TimeoutException, InterruptedException {
        ConnectionFactory factory = settings.factory(broker);
        factory.setThreadFactory(threads);
        factory.setSharedExecutor(deliveries);
        Connection connection = factory.newConnection("rung " + name);
        try {
            BlockingQueue<Task> work = new LinkedBlockingQueue<>();
            connection.addShutdownListener(cause -> work.add(END));
            tasks = work;
            current = connection;
            if (closed.getCount() == 0) {
                return;
            }
            listener.up(connection);
            LOG.info("RabbitMQ connection {} is up at {}", name, RabbitSettings.shown(broker));
            problem = null;
            said.clear();
            for (Task task = next(work); !isEnd(task) && connection.isOpen(); task = next(work)) {
                task.run(connection);
            }
        } finally {
            tasks = null;
            current = null;
            if (problem == null) {
                problem = "not connected to RabbitMQ";
            }
            listener.down();
            connection.abort(ABORT_MILLIS);
        }
    }

    private Task next(BlockingQueue<Task> work) throws InterruptedException {
        Task task = work.poll(CHECK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return task == null ? listener::check : task;
    }

    @SuppressWarnings("ReferenceEquality") // compares identity
    private static boolean isEnd(Task task) {
        return task == END;
    }

    /** Starts closing and does not wait. */
    void closeSoon() {
        closed.countDown();
        execute(END);
    }

    /** Closes the connection and ends the thread. If the broker hangs, the socket is closed to release the thread. */
    @Override
    public void close() {
        closeSoon();
        try {
            if (thread.isAlive() && !thread.join(CLOSING)) {
                Connection hanging = current;
                if (hanging != null) {
                    hanging.abort(ABORT_MILLIS);
                }
                if (!thread.join(CLOSING)) {
                    thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The deliveries' executor is not shut down: a closing connection may still use it, and its threads end when
        // idle.
    }
}
