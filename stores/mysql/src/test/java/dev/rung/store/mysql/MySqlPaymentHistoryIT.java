package dev.rung.store.mysql;

import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.history.PaymentHistory.Stores;
import dev.rung.payments.history.PaymentHistoryContract;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;

/** Histories of payments on MySQL or MariaDB; with a process its connections are cut off. */
class MySqlPaymentHistoryIT implements PaymentHistoryContract {
    /** Databases of ended histories. */
    private static final Queue<MySqlScene> FREE = new ConcurrentLinkedQueue<>();

    @AfterAll
    static void closeDatabases() {
        FREE.forEach(MySqlScene::close);
    }

    @Override
    public Stores open() {
        MySqlScene free = FREE.poll();
        if (free == null) {
            return new InDatabase(new MySqlScene());
        }
        free.empty();
        return new InDatabase(free);
    }

    @Override
    public int seeds() {
        return 25;
    }

    @Override
    public int seedsOnTheSameStores() {
        return 10;
    }

    @Override
    public int seedsUntilNoticed() {
        return 100;
    }

    private static final class InDatabase implements Stores {
        /** Making pools of connections takes longer than the rest of a history. */
        private static final int CUT_EVERY = 4;

        private final MySqlScene scene;
        private int crashes;

        InDatabase(MySqlScene scene) {
            this.scene = scene;
        }

        @Override
        public PaymentStore payments() {
            return scene.stores.payments();
        }

        @Override
        public RefundStore refunds() {
            return scene.stores.refunds();
        }

        @Override
        public NotificationStore notifications() {
            return scene.stores.notifications();
        }

        @Override
        public NotificationCatalog catalog() {
            return scene.stores.catalog();
        }

        @Override
        public void crash() {
            if (++crashes % CUT_EVERY == 0) {
                scene.cutConnections();
                scene.stores.close();
                scene.stores = scene.open();
            }
        }

        @Override
        public void close() {
            FREE.add(scene);
        }
    }
}
