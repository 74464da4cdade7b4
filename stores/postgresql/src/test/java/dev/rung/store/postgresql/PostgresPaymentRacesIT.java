package dev.rung.store.postgresql;

import dev.rung.store.common.PaymentRacesContract;
import dev.rung.store.spi.Stores;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresPaymentRacesIT implements PaymentRacesContract {
    @RegisterExtension
    static final PostgresScene scene = new PostgresScene();

    private static PostgresStores other;

    @BeforeAll
    static void open() {
        other = scene.open();
    }

    @AfterAll
    static void close() {
        other.close();
    }

    @Override
    public Stores stores() {
        return scene.stores;
    }

    @Override
    public Stores other() {
        return other;
    }
}
