package dev.rung.store.mysql;

import dev.rung.core.port.ClusterStore;
import dev.rung.core.port.ClusterStoreContract;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.MetaStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlClusterStoreIT implements ClusterStoreContract, MetaStoreContract {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public ClusterStore cluster() {
        return scene.stores.cluster();
    }

    @Override
    public MetaStore meta() {
        return scene.stores.meta();
    }
}
