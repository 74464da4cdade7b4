package dev.rung.store.postgresql;

import dev.rung.payments.port.ReconciliationStore;
import dev.rung.payments.port.ReconciliationStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresReconciliationStoreIT implements ReconciliationStoreContract {
    @RegisterExtension
    static final PostgresScene scene = new PostgresScene();

    @Override
    public ReconciliationStore reconciliations() {
        return scene.stores.reconciliations();
    }
}
