package dev.rung.store.postgresql;

import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.history.PaymentHistory.Stores;
import dev.rung.payments.history.PaymentHistoryContract;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;

/** Histories of payments on PostgreSQL; with a process its connections are cut off. */
class PostgresPaymentHistoryIT implements PaymentHistoryContract {
    @Override
    public Stores open() {
        return new InDatabase(new PostgresScene());
    }

    @Override
    public int seeds() {
        return 50;
    }

    @Override
    public int seedsOnTheSameStores() {
        return 25;
    }

    @Override
    public int seedsUntilNoticed() {
        return 100;
    }

    private static final class InDatabase implements Stores {
        private static final String CUT = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                """;
        /** Making pools of connections takes longer than the rest of a history. */
        private static final int CUT_EVERY = 4;

        private final PostgresScene scene;
        private int crashes;

        InDatabase(PostgresScene scene) {
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
                scene.execute(CUT);
                scene.stores.close();
                scene.stores = scene.open();
            }
        }

        @Override
        public void close() {
            scene.close();
        }
    }
}
