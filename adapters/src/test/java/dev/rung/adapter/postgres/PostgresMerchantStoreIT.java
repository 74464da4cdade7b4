package dev.rung.adapter.postgres;

import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MerchantStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresMerchantStoreIT implements MerchantStoreContract {
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
    public MerchantStore merchants() {
        return scene.stores.merchants();
    }
}
