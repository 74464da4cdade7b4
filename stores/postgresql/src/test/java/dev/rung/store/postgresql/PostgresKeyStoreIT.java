package dev.rung.store.postgresql;

import dev.rung.core.port.KeyStore;
import dev.rung.core.port.KeyStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresKeyStoreIT implements KeyStoreContract {
    @RegisterExtension
    static final PostgresScene scene = new PostgresScene();

    @Override
    public KeyStore keys() {
        return scene.stores.keys();
    }
}
