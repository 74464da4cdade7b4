package dev.rung.adapter.postgres;

import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresPaymentStoreIT implements PaymentStoreContract {
    private static PostgresScene scene;

    @BeforeAll
    static void open() {
        scene = new PostgresScene();
    }

    @BeforeEach
    void empty() {
        scene.empty();
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @Override
    public NotificationStore notifications() {
        return scene.stores.notifications();
    }

    @Override
    public PaymentStore payments() {
        return scene.stores.payments();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }
}
