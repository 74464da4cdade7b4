package dev.rung.store.postgresql;

import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalogContract;
import dev.rung.core.port.NotificationStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresNotificationCatalogIT implements NotificationCatalogContract {
    @RegisterExtension
    static final PostgresScene scene = new PostgresScene();

    @Override
    public NotificationStore store() {
        return scene.stores.notifications();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }
}
