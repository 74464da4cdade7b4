package dev.rung.store.postgresql;

import dev.rung.store.common.DatabaseFaultsContract;
import dev.rung.store.spi.Stores;
import dev.rung.testing.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The database is killed, gone, or read-only. */
class PostgresFaultsIT implements DatabaseFaultsContract {
    private static PostgresServer server;
    private static PostgresScene scene;

    @BeforeAll
    static void open() {
        server = PostgresServer.start();
        scene = new PostgresScene(server);
    }

    @BeforeEach
    void empty() {
        scene.empty();
    }

    @AfterAll
    static void close() {
        scene.close();
        server.close();
    }

    @Override
    public Stores stores() {
        return scene.stores;
    }

    @Override
    public void reopen() {
        scene.stores.close();
        scene.stores = scene.open();
    }

    @Override
    public void kill9() {
        server.kill9();
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void makeReadOnly() {
        server.makeReadOnly();
    }

    @Override
    public void makeWritable() {
        server.makeWritable();
    }

    @Override
    public char keptOfNul() {
        return '\uFFFD';
    }
}
