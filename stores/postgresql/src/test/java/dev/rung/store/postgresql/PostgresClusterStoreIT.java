package dev.rung.store.postgresql;

import dev.rung.core.port.ClusterStore;
import dev.rung.core.port.ClusterStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresClusterStoreIT implements ClusterStoreContract {
    @RegisterExtension
    static final PostgresScene scene = new PostgresScene();

    @Override
    public ClusterStore cluster() {
        return scene.stores.cluster();
    }
}
