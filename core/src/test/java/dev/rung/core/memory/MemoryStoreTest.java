package dev.rung.core.memory;

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
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

class MemoryStoreTest {

    @Nested
    class Notifications implements NotificationStoreContract, NotificationCatalogContract, AlertStoreContract {
        private final MemoryNotificationStore store = new MemoryNotificationStore(InstantSource.system());

        @Override
        public NotificationStore store() {
            return store;
        }

        @Override
        public NotificationCatalog catalog() {
            return store.catalog();
        }

        @Override
        public AlertStore alerts() {
            return store.alerts();
        }
    }

    @Nested
    class Meta implements MetaStoreContract {
        private final MemoryMetaStore meta = new MemoryMetaStore();

        @Override
        public MetaStore meta() {
            return meta;
        }
    }

    @Nested
    class Cluster implements ClusterStoreContract {
        private final MemoryClusterStore cluster = new MemoryClusterStore();

        @Override
        public ClusterStore cluster() {
            return cluster;
        }
    }

    @Nested
    class Audit implements AuditLogContract {
        private final MemoryAuditLog audit = new MemoryAuditLog();

        @Override
        public AuditLog audit() {
            return audit;
        }
    }

    @Nested
    class Keys implements KeyStoreContract {
        private final MemoryKeyStore keys = new MemoryKeyStore();

        @Override
        public KeyStore keys() {
            return keys;
        }
    }

    @Nested
    class Merchants implements MerchantStoreContract {
        private final MemoryMerchantStore merchants = new MemoryMerchantStore();

        @Override
        public MerchantStore merchants() {
            return merchants;
        }
    }
}
