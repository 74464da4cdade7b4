package dev.rung.store.postgresql;

import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AlertStoreContract;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresNotificationStoreIT implements NotificationStoreContract, AlertStoreContract {
    @RegisterExtension
    static final PostgresScene scene = new PostgresScene();

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
