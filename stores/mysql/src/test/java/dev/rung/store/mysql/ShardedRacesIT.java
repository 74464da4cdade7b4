package dev.rung.store.mysql;

import dev.rung.store.common.PaymentRacesContract;
import dev.rung.store.spi.Stores;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShardedRacesIT implements PaymentRacesContract {
    @RegisterExtension
    static final ShardedScene scene = new ShardedScene();

    private static Stores other;

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
