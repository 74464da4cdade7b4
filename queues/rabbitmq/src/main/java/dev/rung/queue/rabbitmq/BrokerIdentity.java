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
 * Detects whether the broker still has the wakes that the store queued in it. Thread-safe.
 *
 * <p>The store keeps an id, and the broker an empty durable queue with that id in its name, the identity queue. If it or the queue of due
 * wakes is missing (a new or wiped broker, or an old backup of the store), all queued wakes must be re-armed. Only after that a new
 * identity is set, first in the broker, then in the store; so after a crash in between the identities differ and the next server re-arms
 * again. An exclusive queue, which ends with the server's connection, lets only one server re-arm at a time.
 */
final class BrokerIdentity {
    static final String KEY = "rabbitmq.identity";

    private static final Logger LOG = LoggerFactory.getLogger(BrokerIdentity.class);
    private static final String PREFIX = "rung.identity.";
    private static final String REARM_LOCK = PREFIX + "lock";
    private static final int RESOURCE_LOCKED = 405;
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMillis(50);

    private final MetaStore meta;
    private final BooleanSupplier canPublish;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Uses the identity kept in the store.
     *
     * @param canPublish whether publishing works; nothing is re-armed before
     */
    BrokerIdentity(MetaStore meta, BooleanSupplier canPublish) {
        this.meta = meta;
        this.canPublish = canPublish;
    }

    /**
     * Checks the identity before anything is declared. If only the queue of due wakes is missing, deletes the identity queue, too:
     * otherwise a crash of this process would hide the loss.
     *
     * @throws StoreException if the store cannot be read
     */
    void checkBeforeDeclare(Connection connection) throws IOException, TimeoutException {
        Optional<String> id = meta.get(KEY);
        if (id.isPresent()
                && RabbitTopology.exists(connection, PREFIX + id.get())
                && !RabbitTopology.exists(connection, RabbitTopology.READY)) {
            delete(connection, PREFIX + id.get());
        }
    }

    /** Re-arms if necessary and sets the identity, on its own thread. Called after each connect, when everything is declared. */
    void ensure(Connection connection, Supplier<CompletionStage<@Nullable Void>> forgotten) {
        Thread.ofVirtual().name("rung-rabbitmq-identity").start(() -> {
            try {
                Duration pause;
                do {
                    boolean ready = canPublish.getAsBoolean();
                    if (ready && (isSet(connection) || rearm(connection, forgotten))) {
                        return;
                    }
                    pause = ready ? AGAIN : SOON;
                } while (connection.isOpen() && !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                LOG.debug("The connection was lost; the identity is checked again after the next connect", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean isSet(Connection connection) throws IOException, TimeoutException, InterruptedException {
        while (true) {
            try {
                Optional<String> id = meta.get(KEY);
                return id.isPresent() && RabbitTopology.exists(connection, PREFIX + id.get());
            } catch (StoreException e) {
                LOG.debug("The store is unavailable; retrying", e);
                if (closed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        }
    }

    /** Re-arms and sets the identity; false if another server is re-arming or it failed, so the caller must retry. */
    private boolean rearm(Connection connection, Supplier<CompletionStage<@Nullable Void>> forgotten)
            throws IOException, TimeoutException, InterruptedException {
        Channel lock = connection.createChannel();
        try {
            lock.queueDeclare(REARM_LOCK, false, true, true, null);
        } catch (IOException e) {
            if (RabbitTopology.replyCode(e) == RESOURCE_LOCKED) {
                return false;
            }
            throw e;
        }
        try {
            if (isSet(connection)) {
                return true;
            }
            if (meta.get(KEY).isPresent()) {
                LOG.warn("RabbitMQ has lost the queued wakes (it was replaced or wiped): re-arming all of them");
            }
            forgotten.get().toCompletableFuture().get();
            set(connection);
            return true;
        } catch (ExecutionException | CancellationException | StoreException e) {
            LOG.warn("Re-arming the queued wakes failed; retrying", e);
            return false;
        } finally {
            if (lock.isOpen()) {
                lock.queueDelete(REARM_LOCK);
                lock.close();
            }
        }
    }

    private void set(Connection connection) throws IOException, TimeoutException {
        Optional<String> old = meta.get(KEY);
        String id = UUID.randomUUID().toString();
        try (Channel channel = connection.createChannel()) {
            RabbitTopology.declareIdentityQueue(channel, PREFIX + id);
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
