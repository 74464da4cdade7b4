package dev.rung.store.sqlite;

import dev.rung.core.port.StoreException;
import dev.rung.store.spi.TableSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rows of an embedded database, as the tables of a database server would have them. The differences are those that the schemas name. */
final class SqliteTables implements TableSource {
    /** Of SQLite alone, or of running servers. */
    private static final Set<String> NOT_COPIED = Set.of(
            "store_state", "notification_by_merchant", "notification_by_order_no", "server", "flyway_schema_history");

    /** Columns by table, whose expressions differ from their names; of the tables in {@link #DERIVED} all of them. */
    private static final Map<String, Map<String, String>> EXPRESSIONS = Map.of(
            "delivery", Map.of("position", "CASE WHEN order_no IS NOT NULL THEN position END"),
            "notification_count", Map.of("slot", "0"),
            "payment_count", Map.of("slot", "0"),
            "id_drift", Map.of("only_one", "1", "ahead", "ahead", "behind", "behind"),
            "last_attempt", Map.of("slot", "0", "id", "last_id"),
            "merchant_versions", Map.of("only_one", "1", "last", "coalesce(max(version), 0)"));

    /** Tables that SQLite does not have, and from which their rows are made. */
    private static final Map<String, String> DERIVED =
            Map.of("id_drift", "store_state", "last_attempt", "store_state", "merchant_versions", "merchant");

    /** Of the search index. */
    private static final String LISTED = "listed";

    private final SqliteStores stores;
    private final Path file;
    private final Connection connection;

    private SqliteTables(SqliteStores stores, Path file, Connection connection) {
        this.stores = stores;
        this.file = file;
        this.connection = connection;
    }

    /** Takes over the stores, which hold the directory's lock and have migrated the schema. */
    static SqliteTables open(SqliteStores stores, Path file) {
        try {
            Connection connection = DriverManager.getConnection(SqliteSession.url(file));
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA query_only = ON");
            }
            return new SqliteTables(stores, file.toAbsolutePath().normalize(), connection);
        } catch (SQLException e) {
            stores.close();
            throw SqliteErrors.of(file, e);
        }
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public Set<String> tables() {
        Set<String> tables = new TreeSet<>(DERIVED.keySet());
        for (String table :
                texts("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'")) {
            if (!NOT_COPIED.contains(table)) {
                tables.add(table);
            }
        }
        return tables;
    }

    @Override
    public List<String> columns(String table) {
        Set<String> columns =
                new TreeSet<>(EXPRESSIONS.getOrDefault(table, Map.of()).keySet());
        if (!DERIVED.containsKey(table)) {
            columns.addAll(texts("SELECT name FROM pragma_table_info('" + table + "')"));
            columns.remove(LISTED);
        }
        return List.copyOf(columns);
    }

    @Override
    public Rows rows(String table) {
        Map<String, String> expressions = EXPRESSIONS.getOrDefault(table, Map.of());
        List<String> columns = columns(table).stream()
                .map(column -> expressions.getOrDefault(column, column))
                .toList();
        String sql = "SELECT " + String.join(", ", columns) + " FROM " + DERIVED.getOrDefault(table, table);
        try {
            return new SqliteRows(connection.createStatement(), sql, columns.size());
        } catch (SQLException e) {
            throw SqliteErrors.of(file, e);
        }
    }

    private List<String> texts(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw SqliteErrors.of(file, e);
        }
    }

    @Override
    public void close() {
        try (stores) {
            connection.close();
        } catch (SQLException e) {
            throw SqliteErrors.of(file, e);
        }
    }

    private final class SqliteRows implements Rows {
        private final Statement statement;
        private final ResultSet rows;
        private final int width;

        SqliteRows(Statement statement, String sql, int width) throws SQLException {
            this.statement = statement;
            this.rows = statement.executeQuery(sql);
            this.width = width;
        }

        @Override
        public @Nullable Object @Nullable [] next() {
            try {
                if (!rows.next()) {
                    return null;
                }
                @Nullable Object[] row = new @Nullable Object[width];
                for (int i = 0; i < width; i++) {
                    Object value = rows.getObject(i + 1);
                    row[i] = value instanceof Integer number ? (Long) number.longValue() : value;
                }
                return row;
            } catch (SQLException e) {
                throw SqliteErrors.of(file, e);
            }
        }

        @Override
        public void close() {
            try {
                statement.close();
            } catch (SQLException e) {
                throw new StoreException("the statement could not be closed", e);
            }
        }
    }
}
