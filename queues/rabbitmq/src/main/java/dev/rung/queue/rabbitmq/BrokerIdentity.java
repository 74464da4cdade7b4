package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this broker is the one that the store last filled. Thread-safe.
 *
 * <p>The store keeps an id, and the broker has an empty durable queue with that id in its name. If that mark is missing (a new broker, or a wiped one;
 * an old backup of the store), or the queue of due wakes is, everything queued must be re-armed. Only when that is done is a new mark set: first in the broker,
 * then in the store. So whoever dies midway leaves a broker without the mark that the store asks for, and the next one begins again. While one server
 * re-arms, an exclusive queue keeps the others waiting; it goes with that server's connection.
 */
final class BrokerIdentity {
    static final String KEY = "rabbitmq.epoch";

    private static final Logger LOG = LoggerFactory.getLogger(BrokerIdentity.class);
    private static final String PREFIX = "rung.epoch.";
    private static final String TURN = PREFIX + "turn";
    private static final int RESOURCE_LOCKED = 405;
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMillis(50);

    private final MetaStore meta;
    private final BooleanSupplier canPublish;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * With the store's side.
     *
     * @param canPublish whether what is re-armed can be sent; nothing is before
     */
    BrokerIdentity(MetaStore meta, BooleanSupplier canPublish) {
        this.meta = meta;
        this.canPublish = canPublish;
    }

    /**
     * Looks before anything is declared. If only the queue of due wakes is gone the mark is taken away too: it must not
     * say that all is well should this process die now.
     *
     * @throws StoreException if the store cannot say which mark it is
     */
    void look(Connection connection) throws IOException, TimeoutException {
        Optional<String> id = meta.get(KEY);
        if (id.isPresent()
                && RabbitTopology.exists(connection, PREFIX + id.get())
                && !RabbitTopology.exists(connection, RabbitTopology.READY)) {
            delete(connection, PREFIX + id.get());
        }
    }

    /** Sees to it, on a thread of its own, that the broker is remembered. To be called at each connect, when all is declared. */
    void remember(Connection connection, Supplier<CompletionStage<@Nullable Void>> forgotten) {
        Thread.ofVirtual().name("rung-rabbitmq-epoch").start(() -> {
            try {
                Duration pause;
                do {
                    boolean ready = canPublish.getAsBoolean();
                    if (ready && (isRemembered(connection) || rearm(connection, forgotten))) {
                        return;
                    }
                    pause = ready ? AGAIN : SOON;
                } while (connection.isOpen() && !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                LOG.debug("the connection went away; the next one looks again", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean isRemembered(Connection connection) throws IOException, TimeoutException, InterruptedException {
        while (true) {
            try {
                Optional<String> id = meta.get(KEY);
                return id.isPresent() && RabbitTopology.exists(connection, PREFIX + id.get());
            } catch (StoreException e) {
                LOG.debug("the store is away; it is asked again", e);
                if (closed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        }
    }

    /** Re-arms and sets the mark; false if another server is at it, or it failed: to be looked at again. */
    private boolean rearm(Connection connection, Supplier<CompletionStage<@Nullable Void>> forgotten)
            throws IOException, TimeoutException, InterruptedException {
        Channel turn = connection.createChannel();
        try {
            turn.queueDeclare(TURN, false, true, true, null);
        } catch (IOException e) {
            if (RabbitTopology.replyCode(e) == RESOURCE_LOCKED) {
                return false;
            }
            throw e;
        }
        try {
            if (isRemembered(connection)) {
                return true;
            }
            if (meta.get(KEY).isPresent()) {
                LOG.warn(
                        "RabbitMQ does not know what was queued (it is another one, or was wiped): all of it is queued again");
            }
            forgotten.get().toCompletableFuture().get();
            mark(connection);
            return true;
        } catch (ExecutionException | CancellationException | StoreException e) {
            LOG.warn("what was queued could not be queued again; trying again", e);
            return false;
        } finally {
            if (turn.isOpen()) {
                turn.queueDelete(TURN);
                turn.close();
            }
        }
    }

    private void mark(Connection connection) throws IOException, TimeoutException {
        Optional<String> old = meta.get(KEY);
        String id = UUID.randomUUID().toString();
        try (Channel channel = connection.createChannel()) {
            RabbitTopology.declareMark(channel, PREFIX + id);
        }
        meta.put(KEY, id);
        if (old.isPresent()) {
            delete(connection, PREFIX + old.get());
        }
    }

    private static void delete(Connection connection, String queue) throws IOException, TimeoutException {
        try (Channel channel = connection.createChannel()) {
            channel.queueDelete(queue);
        }
    }

    void close() {
        closed.countDown();
    }
}
