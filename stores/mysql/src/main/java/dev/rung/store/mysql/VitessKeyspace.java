package dev.rung.store.mysql;

import com.zaxxer.hikari.HikariDataSource;
import dev.rung.core.port.StoreException;
import dev.rung.store.common.sharded.ShardedStores;
import dev.rung.store.mysql.MySqlStores.Connections;
import dev.rung.store.spi.Stores;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sharded keyspace of Vitess, and beside it one with a single shard, {@code …_global}, for what belongs to no merchant. Each shard is used as a database of
 * its own, by connections that address it; nothing is sent to all shards. With {@link VitessSchema}, the only place that knows Vitess.
 */
final class VitessKeyspace {
    private static final String SHARDS = "SHOW VITESS_SHARDS";
    private static final String ISOLATION =
            "SHOW VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')";

    private final ConnectionPools pools;
    private final String keyspace;

    private VitessKeyspace(ConnectionPools pools) {
        this.pools = pools;
        this.keyspace = pools.database();
    }

    /**
     * Opens the stores that the URL names, if it is a vtgate.
     *
     * @param gate connects to it
     * @throws StoreException if a keyspace, a shard or the VSchema is missing; the message says which
     */
    static Stores open(ConnectionPools pools, HikariDataSource gate) {
        return new VitessKeyspace(pools).open(gate);
    }

    private Stores open(HikariDataSource gate) {
        Shards shards;
        MySqlDialect dialect;
        try (Connection connection = gate.getConnection()) {
            shards = Shards.of(connection, keyspace);
            dialect = MySqlDialect.vtgate(isolation(connection));
        } catch (SQLException e) {
            throw MySqlDatabase.failure(e);
        }
        String missing = shards.missing();
        if (missing != null) {
            throw new StoreException(
                    "the database cannot be used: " + missing, new IllegalStateException("keyspaces are missing"));
        }
        Map<String, ConnectionPools> targets = new LinkedHashMap<>();
        shards.names().forEach(name -> targets.put(name, pools.of(shards.target(name), name, dialect)));
        ConnectionPools global = pools.of(shards.globalTarget(), "global", dialect);
        targets.values().forEach(VitessKeyspace::createTables);
        createTables(global);
        applyVSchema(gate);
        return stores(targets, global);
    }

    /**
     * The shards of a keyspace, and those of the one for what belongs to no merchant.
     *
     * @param names of the shards, such as {@code -80}
     */
    record Shards(String keyspace, List<String> names, List<String> global) {
        static Shards of(Connection gate, String keyspace) throws SQLException {
            List<String> all = column(gate, SHARDS);
            return new Shards(keyspace, of(keyspace, all), of(global(keyspace), all));
        }

        private static List<String> of(String keyspace, List<String> all) {
            String prefix = keyspace + "/";
            return all.stream()
                    .filter(shard -> shard.startsWith(prefix))
                    .map(shard -> shard.substring(prefix.length()))
                    .toList();
        }

        private static String global(String keyspace) {
            return keyspace + "_global";
        }

        /** What is missing, for users; null if nothing is. */
        @Nullable String missing() {
            if (names.isEmpty()) {
                return "vtgate knows no keyspace " + keyspace + " whose shards have a primary";
            }
            return global.size() == 1
                    ? null
                    : "vtgate knows no keyspace " + global(keyspace) + " with one shard that has a primary";
        }

        /** The database that addresses a shard. */
        String target(String name) {
            return keyspace + ":" + name + "@primary";
        }

        String globalTarget() {
            return global(keyspace) + ":" + global.getFirst() + "@primary";
        }
    }

    private static Stores stores(Map<String, ConnectionPools> targets, ConnectionPools globalPools) {
        List<Stores> opened = new ArrayList<>();
        try {
            Map<String, Stores> shards = new LinkedHashMap<>();
            targets.forEach((name, pools) -> {
                Stores shard = MySqlStores.open(pools, Connections.DEFAULT);
                opened.add(shard);
                shards.put(name, shard);
            });
            Stores global = MySqlStores.open(globalPools, Connections.DEFAULT);
            opened.add(global);
            return new ShardedStores(shards, global);
        } catch (RuntimeException e) {
            opened.forEach(Stores::close);
            throw e instanceof IllegalArgumentException
                    ? new StoreException("the database cannot be used: " + e.getMessage(), e)
                    : e;
        }
    }

    private static void createTables(ConnectionPools shard) {
        try (HikariDataSource pool = shard.forMigrations();
                Connection connection = pool.getConnection()) {
            VitessSchema.createTables(connection);
        } catch (SQLException e) {
            throw MySqlDatabase.failure(e);
        }
    }

    private static void applyVSchema(HikariDataSource gate) {
        try (Connection connection = gate.getConnection()) {
            List<String> missing = VitessSchema.missing(connection);
            for (String statement : missing) {
                try {
                    MySqlDatabase.execute(connection, statement);
                } catch (SQLException e) {
                    throw new StoreException(
                            "the VSchema is incomplete and could not be changed ("
                                    + MySqlDatabase.failure(e).getMessage() + "); apply: " + String.join("; ", missing),
                            e);
                }
            }
        } catch (SQLException e) {
            throw MySqlDatabase.failure(e);
        }
    }

    private static String isolation(Connection connection) throws SQLException {
        return column(connection, ISOLATION).stream().findFirst().orElse("transaction_isolation");
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
