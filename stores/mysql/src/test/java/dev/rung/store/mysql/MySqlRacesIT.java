package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.NotificationId;
import dev.rung.store.common.ConcurrentTasks;
import dev.rung.store.common.RacesContract;
import dev.rung.store.spi.Stores;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlRacesIT implements RacesContract {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    private static MySqlStores other;

    @BeforeAll
    static void open() {
        other = scene.open();
    }

    @AfterAll
    static void close() {
        other.close();
    }

    @Override
    public Stores stores() {
        return scene.stores;
    }

    @Override
    public Stores other() {
        return other;
    }

    @Override
    public Connection connect() throws SQLException {
        return scene.connect();
    }

    @Test
    void aTransactionThatMeetsADeadlockIsRepeatedAndCounted() {
        NotificationId low = accept(sample());
        NotificationId high = accept(sample());
        long repeated = scene.stores.repeatedTransactions() + other.repeatedTransactions();
        // The first of each pair is locked in the opposite order of the second.
        for (int round = 0; round < 10; round++) {
            CyclicBarrier bothHoldOne = new CyclicBarrier(2);
            List<Boolean> done = ConcurrentTasks.run(
                    () -> lockBoth(scene.stores, low, high, bothHoldOne),
                    () -> lockBoth(other, high, low, bothHoldOne));
            assertThat(done).containsOnly(true);
        }
        assertThat(scene.stores.repeatedTransactions() + other.repeatedTransactions())
                .isGreaterThanOrEqualTo(repeated + 10);
    }

    private static boolean lockBoth(
            MySqlStores stores, NotificationId first, NotificationId second, CyclicBarrier bothHoldOne) {
        AtomicBoolean isFirstTry = new AtomicBoolean(true);
        return stores.database.transaction(connection -> {
            LockedDeliveries.lock(connection, List.of(first));
            if (isFirstTry.getAndSet(false)) {
                await(bothHoldOne);
            }
            LockedDeliveries.lock(connection, List.of(second));
            return true;
        });
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }
}
