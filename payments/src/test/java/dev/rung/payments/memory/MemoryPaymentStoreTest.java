package dev.rung.payments.memory;

import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStoreContract;
import dev.rung.payments.port.RefundStore;
import java.time.InstantSource;

class MemoryPaymentStoreTest implements PaymentStoreContract {
    private final MemoryNotificationStore notifications = new MemoryNotificationStore(InstantSource.system());
    private final MemoryPaymentStore payments = new MemoryPaymentStore(notifications, InstantSource.system());

    @Override
    public PaymentStore payments() {
        return payments;
    }

    @Override
    public ApprovalStore approvals() {
        return payments.approvals();
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
}
