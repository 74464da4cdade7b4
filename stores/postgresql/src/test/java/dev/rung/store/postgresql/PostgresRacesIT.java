package dev.rung.store.postgresql;

import dev.rung.store.common.RacesContract;
import dev.rung.store.spi.Stores;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresRacesIT implements RacesContract {
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

    @Override
    public Connection connect() throws SQLException {
        return scene.connect();
    }
}
