package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.StoreFixture;
import dev.rung.testing.MariaDbServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database's files cannot grow any more: all tables are in one file with a limit. */
class MySqlFullDiskIT implements StoreFixture {
    private MariaDbServer server;
    private MySqlScene scene;

    @BeforeEach
    void start() {
        server = MariaDbServer.start(
                "--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M:autoextend:max:24M");
        scene = new MySqlScene(server);
    }

    @AfterEach
    void close() {
        scene.close();
        server.close();
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
    void whatWasAnsweredStaysAndTheRestIsRefusedUntilThereIsRoom() {
        List<NotificationId> answered = new ArrayList<>();
        assertThatThrownBy(() -> acceptUntilRefused(answered))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is full");

        assertThat(answered).hasSizeGreaterThan(100);
        assertThat(store().findDeliveries(answered)).doesNotContainNull();
        assertThat(catalog().counts().byState()).containsEntry(DeliveryState.WAITING, (long) answered.size());

        server.kill9();
        server.restart("--innodb-data-file-path=ibdata1:12M:autoextend:max:100M");

        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(store().findDeliveries(answered)).doesNotContainNull());
        assertThat(settle(success(wake(answered.getFirst()), 1))).isInstanceOf(Settled.Applied.class);
        assertThat(accept(sample())).isNotNull();
    }

    private void acceptUntilRefused(List<NotificationId> answered) {
        while (true) {
            List<NewNotification> batch = IntStream.range(0, 20)
                    .mapToObj(_ -> sample().payload(new byte[10_000]).build())
                    .toList();
            store().accept(batch).forEach(a -> answered.add(((Acceptance.Stored) a).id()));
        }
    }
}
