package dev.rung.store.postgresql;

import com.zaxxer.hikari.HikariDataSource;
import dev.rung.core.port.CheckResult;
import dev.rung.store.common.SchemaScripts;
import dev.rung.store.common.TableCopy;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import dev.rung.store.spi.TableSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The store for {@code --database-url jdbc:postgresql://…}. */
public final class PostgresStoreProvider implements StoreProvider {
    private static final TableCopy.Dialect COPY = new TableCopy.Dialect(
            """
            SELECT table_name, column_name, data_type FROM information_schema.columns
            WHERE table_schema = current_schema() AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position""",
            Set.of("feed_origin", "server", "flyway_schema_history"),
            // Further positions are greater than the copied ones.
            List.of("""
                    UPDATE feed_origin SET added = greatest(0,
                      (SELECT coalesce(max(position), 0) FROM notification) + 1 - pg_current_xact_id()::text::bigint)"""));

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
        return PostgresStores.open(url(config), user(config), password(config));
    }

    @Override
    public Map<String, Long> copyFrom(TableSource source, Config config) {
        ConnectionPools pools = new ConnectionPools(url(config), user(config), password(config));
        try (HikariDataSource pool = pools.forMigrations()) {
            Migrations.run(pool);
            try (Connection connection = pool.getConnection()) {
                return new TableCopy(connection, COPY, source).run();
            } catch (SQLException e) {
                throw PostgresDatabase.failure(e);
            }
        }
    }

    private static String url(Config config) {
        return Objects.requireNonNull(config.url(), "this store is selected by its URL");
    }

    private static String user(Config config) {
        return Objects.requireNonNullElse(config.user(), "");
    }

    private static String password(Config config) {
        return Objects.requireNonNullElse(config.password(), "");
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
