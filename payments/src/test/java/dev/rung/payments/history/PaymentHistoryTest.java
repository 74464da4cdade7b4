package dev.rung.payments.history;

import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.history.PaymentHistory.Stores;
import dev.rung.payments.memory.MemoryPaymentStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Thousands of runs on in-memory stores. */
class PaymentHistoryTest implements PaymentHistoryContract {
    @Override
    public Stores open() {
        return new InMemory();
    }

    @Override
    public int seeds() {
        return 2_000;
    }

    /** Uses few runs per store, because in-memory stores are fast only while they are small. */
    @Override
    public int seedsOnTheSameStores() {
        return 5;
    }

    @Override
    public int seedsUntilNoticed() {
        return 500;
    }

    @Test
    void silenceThatIsTakenForAnAnswerIsNoticed() {
        aPlantedFaultIsNoticed(PlantedFault.SILENCE_IS_CLOSED);
    }

    private static final class InMemory implements Stores {
        private final MemoryNotificationStore notifications = new MemoryNotificationStore(InstantSource.system());
        private final MemoryPaymentStore payments = new MemoryPaymentStore(notifications, InstantSource.system());

        @Override
        public PaymentStore payments() {
            return payments;
        }

        @Override
        public RefundStore refunds() {
            return payments.refunds();
        }

        @Override
        public NotificationStore notifications() {
            return notifications;
        }

        @Override
        public NotificationCatalog catalog() {
            return notifications.catalog();
        }

        /** Closed at the end of the test. */
        @Override
        public void crash() {}

        @Override
        public void close() {}
    }
}
