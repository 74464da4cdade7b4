package dev.rung.store.mysql;

import dev.rung.core.port.AlertStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.DiscrepancyAlertContract;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStoreContract;
import dev.rung.payments.port.RefundStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("extended")
class ShardedPaymentStoreIT implements PaymentStoreContract, DiscrepancyAlertContract {
    @RegisterExtension
    static final ShardedScene scene = new ShardedScene();

    @Override
    public ApprovalStore approvals() {
        return scene.stores.approvals();
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
    public PaymentStore payments() {
        return scene.stores.payments();
    }

    @Override
    public AlertStore alerts() {
        return scene.stores.alerts();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }
}
