package dev.rung.payments.memory;

import dev.rung.payments.port.ReconciliationStore;
import dev.rung.payments.port.ReconciliationStoreContract;

class MemoryReconciliationStoreTest implements ReconciliationStoreContract {
    private final MemoryReconciliationStore store = new MemoryReconciliationStore();

    @Override
    public ReconciliationStore reconciliations() {
        return store;
    }
}
