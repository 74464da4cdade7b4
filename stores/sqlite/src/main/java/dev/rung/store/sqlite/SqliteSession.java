package dev.rung.store.sqlite;

import dev.rung.core.model.NotificationId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A connection and its prepared statements, which are cached until it is closed. Used by one thread at a time.
 *
 * <p>The first statement begins a transaction, {@link #commit} or {@link #rollback} ends it.
 */
final class SqliteSession implements AutoCloseable {
    /** The number of statements is fixed in the code, so this detects a bug. */
    private static final int STATEMENTS_MAX = 200;

    /** Only an external tool can hold a lock; wait this long for it, then report it as the cause. */
    static final int BUSY_MILLIS = 5000;

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private SqliteSession(Connection connection) {
        this.connection = connection;
    }

    /** Reads a row. */
    interface Mapper<T extends @Nullable Object> {
        T map(ResultSet row) throws SQLException;
    }

    /** The writing session. Its transactions take the write lock at the start, so they never fail because of another writer. */
    static SqliteSession writing(Path file) throws SQLException {
        return open(file, "IMMEDIATE", """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = 1000;
                PRAGMA journal_size_limit = 67108864;
                PRAGMA cache_size = -65536;
                """);
    }

    /** A reading session. Its page cache is stale after every commit of the writer, so it is small. */
    static SqliteSession reading(Path file) throws SQLException {
        return open(file, "DEFERRED", """
                PRAGMA query_only = ON;
                PRAGMA cache_size = -8192;
                """);
    }

    private static SqliteSession open(Path file, String transactionMode, String pragmas) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("transaction_mode", transactionMode);
        // The driver would query generated keys after each insert with a new statement; all keys are assigned here.
        properties.setProperty("jdbc.get_generated_keys", "false");
        Connection connection = DriverManager.getConnection(url(file), properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
            // No foreign keys are declared; temporary results are small; memory-mapped I/O would turn a disk error into
            // a crash.
            for (String pragma : pragmas.lines().toList()) {
                statement.execute(pragma);
            }
            connection.setAutoCommit(false);
            return new SqliteSession(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    static String url(Path file) {
        return "jdbc:sqlite:" + file;
    }

    /** Runs a statement; returns the number of changed rows. */
    int update(String sql, @Nullable Object... values) throws SQLException {
        return bound(sql, values).executeUpdate();
    }

    /** Runs a statement for each item; returns the numbers of changed rows. */
    int[] updateEach(String sql, List<@Nullable Object[]> each) throws SQLException {
        PreparedStatement statement = prepared(sql);
        for (@Nullable Object[] values : each) {
            bind(statement, values);
            statement.addBatch();
        }
        return statement.executeBatch();
    }

    /** All rows of a query. */
    <T extends @Nullable Object> List<T> list(String sql, Mapper<T> mapper, @Nullable Object... values)
            throws SQLException {
        List<T> found = new ArrayList<>();
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            while (rows.next()) {
                found.add(mapper.map(rows));
            }
        }
        return found;
    }

    /** The first row of a query, or null. */
    <T extends @Nullable Object> @Nullable T first(String sql, Mapper<T> mapper, @Nullable Object... values)
            throws SQLException {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            return rows.next() ? mapper.map(rows) : null;
        }
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepared(sql);
        bind(statement, values);
        return statement;
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
            if (prepared.size() > STATEMENTS_MAX) {
                throw new IllegalStateException("too many different statements, the last one is: " + sql);
            }
        }
        return statement;
    }

    void commit() throws SQLException {
        connection.commit();
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    /** Runs a pragma or a one-time statement, outside a transaction. */
    void once(String sql) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } finally {
            connection.setAutoCommit(false);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** Ids as a JSON array for {@code json_each}: one query for many rows costs a third of a query for each. */
    static String json(List<NotificationId> ids) {
        StringBuilder json = new StringBuilder(2 + 20 * ids.size()).append('[');
        for (NotificationId id : ids) {
            json.append(json.length() == 1 ? "" : ",").append(id.value());
        }
        return json.append(']').toString();
    }
}
