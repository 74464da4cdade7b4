package dev.rung.store.postgresql;

import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MerchantStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresMerchantStoreIT implements MerchantStoreContract {
    @RegisterExtension
    static final PostgresScene scene = new PostgresScene();

    @Override
    public MerchantStore merchants() {
        return scene.stores.merchants();
    }
}
