package dev.rung.store.spi;

import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.ClusterStore;
import dev.rung.core.port.KeyStore;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.ReconciliationStore;
import dev.rung.payments.port.RefundStore;

/** Every store of one open database. Thread-safe. */
public interface Stores extends AutoCloseable {

    NotificationStore notifications();

    NotificationCatalog catalog();

    MerchantStore merchants();

    KeyStore keys();

    MetaStore meta();

    ClusterStore cluster();

    AlertStore alerts();

    AuditLog audit();

    PaymentStore payments();

    RefundStore refunds();

    ApprovalStore approvals();

    ReconciliationStore reconciliations();

    /** The orders of the simulated bank. */
    BankLedger bankLedger();

    /** Number of batches of one kind that it commits concurrently. */
    int lanes();

    /** Number of transactions that were repeated since the start, because they met a deadlock or waited too long for a lock. */
    default long repeatedTransactions() {
        return 0;
    }

    /**
     * Measures its connection pools, if it has any, under the usual names of their library.
     *
     * @param registry a {@code MeterRegistry} of Micrometer
     */
    default void measurePools(Object registry) {}

    /** Completes pending work and disconnects. */
    @Override
    void close();
}
