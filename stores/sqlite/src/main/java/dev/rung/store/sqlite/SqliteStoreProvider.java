package dev.rung.store.sqlite;

import dev.rung.core.port.CheckResult;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import java.time.InstantSource;
import java.util.List;

/** The embedded store, used without {@code --database-url}. */
public final class SqliteStoreProvider implements StoreProvider {

    @Override
    public List<String> urlPrefixes() {
        return List.of();
    }

    @Override
    public void checkUrl(String url) {
        throw new IllegalArgumentException("is not used: the embedded store keeps everything in the data directory");
    }

    @Override
    public Stores open(Config config) {
        return SqliteStores.open(config.dataDir(), InstantSource.system());
    }

    /** No checks of its own: the data directory is checked for every kind of store. */
    @Override
    public List<CheckResult> check(Config config) {
        return List.of();
    }
}
