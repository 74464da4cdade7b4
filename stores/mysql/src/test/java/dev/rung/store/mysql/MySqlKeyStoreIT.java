package dev.rung.store.mysql;

import dev.rung.core.port.KeyStore;
import dev.rung.core.port.KeyStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlKeyStoreIT implements KeyStoreContract {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public KeyStore keys() {
        return scene.stores.keys();
    }
}
