package dev.rung.store.mysql;

import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MerchantStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlMerchantStoreIT implements MerchantStoreContract {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public MerchantStore merchants() {
        return scene.stores.merchants();
    }
}
