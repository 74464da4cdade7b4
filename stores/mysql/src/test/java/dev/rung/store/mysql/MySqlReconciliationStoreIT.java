package dev.rung.store.mysql;

import dev.rung.payments.port.ReconciliationStore;
import dev.rung.payments.port.ReconciliationStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlReconciliationStoreIT implements ReconciliationStoreContract {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public ReconciliationStore reconciliations() {
        return scene.stores.reconciliations();
    }
}
