package dev.rung.store.mysql;

import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AlertStoreContract;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlNotificationStoreIT implements NotificationStoreContract, AlertStoreContract {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public NotificationStore store() {
        return scene.stores.notifications();
    }

    @Override
    public AlertStore alerts() {
        return scene.stores.alerts();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }
}
