package dev.rung.store.postgresql;

import dev.rung.core.port.CheckResult;
import dev.rung.store.common.SchemaScripts;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** The store for {@code --database-url jdbc:postgresql://…}. */
public final class PostgresStoreProvider implements StoreProvider {

    @Override
    public List<String> urlPrefixes() {
        return List.of("jdbc:postgresql:");
    }

    @Override
    public void checkUrl(String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new IllegalArgumentException("is not of the form jdbc:postgresql://host:port/database", e);
        }
    }

    @Override
    public Stores open(Config config) {
        return PostgresStores.open(
                Objects.requireNonNull(config.url(), "this store is selected by its URL"),
                Objects.requireNonNullElse(config.user(), ""),
                Objects.requireNonNullElse(config.password(), ""));
    }

    @Override
    public String schema() {
        return SchemaScripts.read(PostgresStoreProvider.class, Migrations.LOCATION, List.of("V1__schema.sql"));
    }

    @Override
    public List<CheckResult> check(Config config) {
        return new PostgresCheck(config).run();
    }
}
