package dev.rung.store.mysql;

import com.zaxxer.hikari.HikariDataSource;
import dev.rung.core.port.CheckResult;
import dev.rung.store.common.SchemaScripts;
import dev.rung.store.common.TableCopy;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import dev.rung.store.spi.TableSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The store for {@code --database-url jdbc:mysql://…} and {@code jdbc:mariadb://…}: either reaches either database. */
public final class MySqlStoreProvider implements StoreProvider {
    /** What does not fit into a column is an error. */
    private static final String STRICT = "SET sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'";

    private static final TableCopy.Dialect COPY = new TableCopy.Dialect(
            """
            SELECT table_name AS table_name, column_name AS column_name, data_type AS data_type
            FROM information_schema.columns
            WHERE table_schema = database() AND coalesce(generation_expression, '') = ''
            ORDER BY table_name, ordinal_position""",
            Set.of("feed_slot", "server", Migrations.TABLE),
            // Further positions are greater than the copied ones.
            List.of(
                    "UPDATE feed_slot SET last = (SELECT coalesce(max(position), 0) FROM notification) WHERE slot = 0"));

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
        ConnectionPools pools = new ConnectionPools(url(config), user(config), password(config));
        try (HikariDataSource pool = pools.forMigrations()) {
            if (Migrations.version(pool).isVitess()) {
                return VitessKeyspace.open(pools, pool);
            }
            Migrations.run(pool);
        }
        return MySqlStores.open(pools, MySqlStores.Connections.DEFAULT);
    }

    @Override
    public Map<String, Long> copyFrom(TableSource source, Config config) {
        ConnectionPools pools = new ConnectionPools(url(config), user(config), password(config));
        try (HikariDataSource pool = pools.forMigrations()) {
            Migrations.version(pool);
            Migrations.run(pool);
            try (Connection connection = pool.getConnection()) {
                MySqlDatabase.change(connection, STRICT, p -> {});
                return new TableCopy(connection, COPY, source).run();
            } catch (SQLException e) {
                throw MySqlDatabase.failure(e);
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
        return SchemaScripts.read(MySqlStoreProvider.class, Migrations.LOCATION, List.of("V1__schema.sql"))
                + "\n-- On Vitess: the tables above on every shard of both keyspaces, and for the sharded one this VSchema:\n"
                + VitessSchema.vschema()
                        .lines()
                        .map(line -> "-- " + line + "\n")
                        .collect(Collectors.joining());
    }

    @Override
    public List<CheckResult> check(Config config) {
        return new MySqlCheck(config).run();
    }
}
