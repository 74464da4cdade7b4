package dev.rung.store.mysql;

import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AlertStoreContract;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalogContract;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStoreContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("extended")
class ShardedNotificationStoreIT implements NotificationStoreContract, NotificationCatalogContract, AlertStoreContract {
    @RegisterExtension
    static final ShardedScene scene = new ShardedScene();

    @Override
    public NotificationStore store() {
        return scene.stores.notifications();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }

    @Override
    public AlertStore alerts() {
        return scene.stores.alerts();
    }
}
