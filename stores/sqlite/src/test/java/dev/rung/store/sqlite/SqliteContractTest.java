package dev.rung.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.NotificationId;
import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AlertStoreContract;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.AuditLogContract;
import dev.rung.core.port.ClusterStore;
import dev.rung.core.port.ClusterStoreContract;
import dev.rung.core.port.KeyStore;
import dev.rung.core.port.KeyStoreContract;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MerchantStoreContract;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.MetaStoreContract;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalogContract;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStoreContract;
import dev.rung.core.port.Sample;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankLedgerContract;
import dev.rung.payments.bank.BatchedLedger;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.DiscrepancyAlertContract;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStoreContract;
import dev.rung.payments.port.ReconciliationStore;
import dev.rung.payments.port.ReconciliationStoreContract;
import dev.rung.payments.port.RefundStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class SqliteContractTest {
    @TempDir
    Path directory;

    SqliteStores stores;

    @BeforeEach
    void open() {
        stores = SqliteStores.open(directory, InstantSource.system());
    }

    @AfterEach
    void close() {
        stores.close();
    }

    @Nested
    class Notifications implements NotificationStoreContract, NotificationCatalogContract, AlertStoreContract {
        @Override
        public NotificationStore store() {
            return stores.notifications();
        }

        @Override
        public NotificationCatalog catalog() {
            return stores.catalog();
        }

        @Override
        public AlertStore alerts() {
            return stores.alerts();
        }
    }

    /** The same reading, of what the search index has already taken in. */
    @Nested
    class Indexed implements NotificationCatalogContract {
        @Override
        public NotificationStore store() {
            return stores.notifications();
        }

        @Override
        public NotificationCatalog catalog() {
            return stores.catalog();
        }

        @Override
        public NotificationId accept(Sample sample) {
            NotificationId id = NotificationCatalogContract.super.accept(sample);
            indexed();
            return id;
        }

        @Override
        public void indexed() {
            while (stores.database().state().unindexed() > 0) {
                stores.database().write(SearchIndex::advance);
            }
        }
    }

    @Nested
    class Payments implements PaymentStoreContract, DiscrepancyAlertContract {
        @Override
        public AlertStore alerts() {
            return stores.alerts();
        }

        @Override
        public PaymentStore payments() {
            return stores.payments();
        }

        @Override
        public ApprovalStore approvals() {
            return stores.approvals();
        }

        @Override
        public RefundStore refunds() {
            return stores.refunds();
        }

        @Override
        public NotificationStore notifications() {
            return stores.notifications();
        }

        @Override
        public NotificationCatalog catalog() {
            return stores.catalog();
        }
    }

    @Nested
    class Meta implements MetaStoreContract {
        @Override
        public MetaStore meta() {
            return stores.meta();
        }
    }

    @Nested
    class Cluster implements ClusterStoreContract {
        @Override
        public ClusterStore cluster() {
            return stores.cluster();
        }
    }

    @Nested
    class Audit implements AuditLogContract {
        @Override
        public AuditLog audit() {
            return stores.audit();
        }
    }

    @Nested
    class Keys implements KeyStoreContract {
        @Override
        public KeyStore keys() {
            return stores.keys();
        }
    }

    @Nested
    class Merchants implements MerchantStoreContract {
        @Override
        public MerchantStore merchants() {
            return stores.merchants();
        }
    }

    @Nested
    class Reconciliations implements ReconciliationStoreContract {
        @Override
        public ReconciliationStore reconciliations() {
            return stores.reconciliations();
        }
    }

    @Nested
    class Bank implements BankLedgerContract {
        @Override
        public BankLedger ledger() {
            return stores.bankLedger();
        }
    }

    @Nested
    class BatchedBank implements BankLedgerContract {
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<RuntimeException> defects = new CopyOnWriteArrayList<>();

        @Override
        public BankLedger ledger() {
            return new BatchedLedger(stores.bankLedger(), threads, 1, defects::add);
        }

        @AfterEach
        void end() {
            threads.close();
            assertThat(defects).isEmpty();
        }
    }
}
