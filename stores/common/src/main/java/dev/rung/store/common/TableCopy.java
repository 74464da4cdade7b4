package dev.rung.store.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.core.port.StoreException;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.TableSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Copies all rows of another store into the tables of a database server, in several transactions. A mark in {@code meta} shows until the end
 * that it is not finished.
 */
public final class TableCopy {
    private static final int ROWS_MAX = 1000;
    private static final long BYTES_MAX = 4 << 20;

    /** Tables that the schema's script fills. */
    private static final Set<String> SEEDED = Set.of("id_drift", "merchant_versions");

    private static final String META = "meta";

    private final Connection connection;
    private final Dialect dialect;
    private final TableSource source;

    /**
     * What differs between databases.
     *
     * @param columns selects {@code table_name}, {@code column_name} and {@code data_type} of every column that is not generated
     * @param ownTables tables without a counterpart in another store
     * @param finish statements that derive the rows of {@code ownTables}
     */
    public record Dialect(String columns, Set<String> ownTables, List<String> finish) {}

    /** The connection is used by this copy alone. */
    public TableCopy(Connection connection, Dialect dialect, TableSource source) {
        this.connection = connection;
        this.dialect = dialect;
        this.source = source;
    }

    /**
     * Copies everything.
     *
     * @return rows by table, as counted afterwards
     * @throws StoreException if the database is not empty
     */
    public Map<String, Long> run() throws SQLException {
        Map<String, Map<String, String>> tables = tables();
        compare(tables);
        connection.setAutoCommit(false);
        begin(tables.keySet());
        Map<String, Long> read = new TreeMap<>();
        for (Map.Entry<String, Map<String, String>> table : tables.entrySet()) {
            read.put(table.getKey(), copy(table.getKey(), table.getValue()));
        }
        for (String statement : dialect.finish()) {
            change(statement);
        }
        Map<String, Long> counted = new TreeMap<>();
        for (String table : tables.keySet()) {
            counted.put(table, number("SELECT count(*) FROM " + table) - (table.equals(META) ? 1 : 0));
        }
        if (!counted.equals(read)) {
            throw new StoreException("the copy is not complete", new SQLException(counted + " instead of " + read));
        }
        change("DELETE FROM meta WHERE name = ?", StoreProvider.UNFINISHED_COPY);
        connection.commit();
        return counted;
    }

    /** Types of columns by table. */
    private Map<String, Map<String, String>> tables() throws SQLException {
        Map<String, Map<String, String>> tables = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(dialect.columns())) {
            while (rows.next()) {
                tables.computeIfAbsent(rows.getString("table_name"), _ -> new LinkedHashMap<>())
                        .put(rows.getString("column_name"), rows.getString("data_type"));
            }
        }
        tables.keySet().removeAll(dialect.ownTables());
        return tables;
    }

    /** Both schemas are of this version, so that a difference is a bug. */
    private void compare(Map<String, Map<String, String>> tables) {
        Map<String, Set<String>> there = new TreeMap<>();
        source.tables().forEach(table -> there.put(table, Set.copyOf(source.columns(table))));
        Map<String, Set<String>> here = new TreeMap<>();
        tables.forEach((table, columns) -> here.put(table, columns.keySet()));
        if (!here.equals(there)) {
            throw new IllegalStateException("the tables differ: " + there + " and " + here);
        }
    }

    /** Checks that the database is empty, or empties it if it has an unfinished copy of the same source, and marks it. */
    private void begin(Set<String> tables) throws SQLException {
        String marked = text("SELECT value FROM meta WHERE name = ?", StoreProvider.UNFINISHED_COPY);
        if (marked != null && !marked.equals(source.name())) {
            throw refused("the database has an unfinished copy of " + marked + ": finish that one");
        }
        for (String table : tables) {
            if (marked == null && !SEEDED.contains(table) && text("SELECT 1 FROM " + table + " LIMIT 1") != null) {
                throw refused("the database is not empty (it has rows in the table " + table + ")");
            }
        }
        if (marked == null) {
            change("INSERT INTO meta (name, value) VALUES (?, ?)", StoreProvider.UNFINISHED_COPY, source.name());
        }
        connection.commit();
        for (String table : tables) {
            if (table.equals(META)) {
                change("DELETE FROM meta WHERE name <> ?", StoreProvider.UNFINISHED_COPY);
            } else {
                change("TRUNCATE TABLE " + table);
            }
        }
        connection.commit();
    }

    private static StoreException refused(String why) {
        return new StoreException(
                why + "; name an empty database that no server has used", new IllegalStateException("not empty"));
    }

    /** Copies one table; returns the number of its rows. */
    private long copy(String table, Map<String, String> types) throws SQLException {
        List<String> columns = source.columns(table);
        String sql = "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        long count = 0;
        try (TableSource.Rows rows = source.rows(table);
                PreparedStatement insert = connection.prepareStatement(sql)) {
            int pending = 0;
            long bytes = 0;
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                for (int i = 0; i < row.length; i++) {
                    bytes += bind(insert, i + 1, row[i], String.valueOf(types.get(columns.get(i))));
                }
                insert.addBatch();
                count++;
                pending++;
                if (pending == ROWS_MAX || bytes > BYTES_MAX) {
                    insert.executeBatch();
                    connection.commit();
                    pending = 0;
                    bytes = 0;
                }
            }
            if (pending > 0) {
                insert.executeBatch();
                connection.commit();
            }
        }
        return count;
    }

    /** Binds a value to a column of this type; returns its approximate size in bytes. */
    private static long bind(PreparedStatement insert, int index, @Nullable Object value, String type)
            throws SQLException {
        switch (value) {
            case Long number when isFlag(type) -> insert.setBoolean(index, number != 0);
            // PostgreSQL cannot store U+0000, which may be in a merchant's response.
            case String text when isText(type) -> insert.setString(index, text.replace('\0', '\uFFFD'));
            case String text -> insert.setBytes(index, text.getBytes(UTF_8));
            case byte[] bytes -> insert.setBytes(index, bytes);
            case null -> insert.setNull(index, nullType(type));
            default -> insert.setObject(index, value);
        }
        return switch (value) {
            case String text -> text.length();
            case byte[] bytes -> bytes.length;
            case null, default -> Long.BYTES;
        };
    }

    private static boolean isFlag(String type) {
        return type.equals("boolean") || type.equals("tinyint");
    }

    private static boolean isText(String type) {
        return type.endsWith("text");
    }

    private static int nullType(String type) {
        if (isText(type)) {
            return java.sql.Types.VARCHAR;
        }
        return switch (type) {
            case "bytea", "blob", "mediumblob", "varbinary" -> java.sql.Types.VARBINARY;
            case "double", "double precision" -> java.sql.Types.DOUBLE;
            case "boolean", "tinyint" -> java.sql.Types.BOOLEAN;
            default -> java.sql.Types.BIGINT;
        };
    }

    private void change(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bindAll(statement, values);
            statement.executeUpdate();
        }
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(String.valueOf(text(sql)));
    }

    private @Nullable String text(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bindAll(statement, values);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static void bindAll(PreparedStatement statement, String... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setString(i + 1, values[i]);
        }
    }
}
