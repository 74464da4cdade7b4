package dev.rung.store.postgresql;

import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresNotificationStoreIT implements NotificationStoreContract {
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
