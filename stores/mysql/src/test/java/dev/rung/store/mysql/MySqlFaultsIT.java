package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.StoreException;
import dev.rung.store.common.DatabaseFaultsContract;
import dev.rung.store.spi.Stores;
import dev.rung.testing.MariaDbServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database is killed, gone, read-only, or has no free connection. */
class MySqlFaultsIT implements DatabaseFaultsContract {
    private static final int TOO_MANY_CONNECTIONS = 1040;

    private static MariaDbServer server;
    private static MySqlScene scene;

    @BeforeAll
    static void open() {
        server = MariaDbServer.start();
        scene = new MySqlScene(server);
    }

    @BeforeEach
    void empty() {
        scene.empty();
    }

    @AfterAll
    static void close() {
        scene.close();
        server.close();
    }

    @Override
    public Stores stores() {
        return scene.stores;
    }

    @Override
    public void reopen() {
        scene.stores.close();
        scene.stores = scene.open();
    }

    @Override
    public void kill9() {
        server.kill9();
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void makeReadOnly() {
        server.makeReadOnly();
    }

    @Override
    public void makeWritable() {
        server.makeWritable();
    }

    @Override
    public char keptOfNul() {
        return '\0';
    }

    @Test
    void whenConnectionsAreUsedUpItIsToldAndServedAgainWhenOneIsFree() throws SQLException {
        NotificationId before = accept(sample());
        List<Connection> all = new ArrayList<>();
        server.administer("SET GLOBAL max_connections = 20");
        try {
            scene.cutConnections();
            while (all.size() < 50) {
                all.add(scene.connect());
            }
        } catch (SQLException e) {
            assertThat(e.getErrorCode()).isEqualTo(TOO_MANY_CONNECTIONS);
        }
        assertThat(all).hasSizeLessThan(50);

        assertThatThrownBy(() -> store().findDeliveries(List.of(before)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be reached");

        for (Connection connection : all) {
            connection.close();
        }
        server.administer("SET GLOBAL max_connections = 151");
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(look(before).wakeNumber()).isEqualTo(1));
    }

    @Test
    void aServerThatStopsInATransactionHoldsItsRowsOnlyUntilItsConnectionEnds() throws SQLException {
        NotificationId id = accept(sample());
        Connection stopped = scene.connect();
        stopped.setAutoCommit(false);
        LockedDeliveries.lock(stopped, List.of(id));
        Thread settling = Thread.ofVirtual().start(() -> settle(success(wake(id), 1)));

        assertThat(accept(sample())).isNotNull();
        assertThat(settling.isAlive()).isTrue();

        stopped.close();
        Awaitility.await().until(() -> look(id).state() == DeliveryState.DELIVERED);
    }
}
