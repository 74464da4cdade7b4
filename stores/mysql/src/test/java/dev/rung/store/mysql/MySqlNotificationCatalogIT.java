package dev.rung.store.mysql;

import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalogContract;
import dev.rung.core.port.NotificationStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlNotificationCatalogIT implements NotificationCatalogContract {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public NotificationStore store() {
        return scene.stores.notifications();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }
}
