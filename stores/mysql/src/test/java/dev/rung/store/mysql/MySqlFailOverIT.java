package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.StoreFixture;
import dev.rung.testing.CutConnection;
import dev.rung.testing.MariaDbServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The primary is killed, and its semi-synchronous replica takes over at the same address. */
class MySqlFailOverIT implements StoreFixture {
    private MariaDbServer primary;
    private MariaDbServer replica;
    private CutConnection address;
    private MySqlScene scene;

    @BeforeEach
    void start() {
        primary = MariaDbServer.start("--server-id=1", "--log-bin", "--rpl-semi-sync-master-wait-point=AFTER_SYNC");
        replica = MariaDbServer.start("--server-id=2", "--read-only");
        replica.replicate(primary);
        address = CutConnection.to(primary.port());
        scene = new MySqlScene(
                primary.createDatabase().replace(":" + primary.port(), ":" + address.port()), primary.user());
    }

    @AfterEach
    void close() {
        scene.close();
        address.close();
        replica.close();
        primary.close();
    }

    @Override
    public NotificationStore store() {
        return scene.stores.notifications();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }

    @Test
    void nothingThatWasAnsweredIsMissingAndTheStoresGoOnByThemselves() throws InterruptedException {
        Queue<NotificationId> answered = new ConcurrentLinkedQueue<>();
        Semaphore batches = new Semaphore(0);
        List<Thread> writers = IntStream.range(0, 3)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> acceptUntilRefused(answered, batches)))
                .toList();
        batches.acquire(20);

        primary.kill9();
        for (Thread writer : writers) {
            writer.join();
        }
        replica.promote();
        address.retarget(replica.port());

        List<NotificationId> ids = List.copyOf(answered);
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(store().findDeliveries(ids)).doesNotContainNull());
        assertThat(ids).hasSizeGreaterThanOrEqualTo(400);
        assertThatThrownBy(() -> accept(sample()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("read-only");
        replica.makeWritable();
        Awaitility.await().ignoreExceptions().until(() -> accept(sample()) != null);
        assertThat(settle(success(wake(ids.getFirst()), 1))).isInstanceOf(Settled.Applied.class);
    }

    private void acceptUntilRefused(Queue<NotificationId> answered, Semaphore batches) {
        while (true) {
            List<NewNotification> batch =
                    IntStream.range(0, 20).mapToObj(_ -> sample().build()).toList();
            try {
                List<NotificationId> ids = new ArrayList<>();
                store().accept(batch).forEach(a -> ids.add(((Acceptance.Stored) a).id()));
                answered.addAll(ids);
                batches.release();
            } catch (StoreException e) {
                return;
            }
        }
    }
}
