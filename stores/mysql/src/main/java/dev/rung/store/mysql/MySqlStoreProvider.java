package dev.rung.store.mysql;

import dev.rung.core.port.CheckResult;
import dev.rung.store.common.SchemaScripts;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import java.util.List;
import java.util.Objects;

/** The store for {@code --database-url jdbc:mysql://…} and {@code jdbc:mariadb://…}: either reaches either database. */
public final class MySqlStoreProvider implements StoreProvider {

    @Override
    public List<String> urlPrefixes() {
        return List.of("jdbc:mysql:", "jdbc:mariadb:");
    }

    @Override
    public void checkUrl(String url) {
        ConnectionPools.driverUrl(url);
    }

    @Override
    public Stores open(Config config) {
        return MySqlStores.open(
                Objects.requireNonNull(config.url(), "this store is selected by its URL"),
                Objects.requireNonNullElse(config.user(), ""),
                Objects.requireNonNullElse(config.password(), ""));
    }

    @Override
    public String schema() {
        return SchemaScripts.read(MySqlStoreProvider.class, Migrations.LOCATION, List.of("V1__schema.sql"));
    }

    @Override
    public List<CheckResult> check(Config config) {
        return new MySqlCheck(config).run();
    }
}
