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
 * A connection and the statements prepared on it, which are kept for as long as it lives. For one thread at a time.
 *
 * <p>The first statement begins a transaction, {@link #commit} or {@link #rollback} ends it.
 */
final class SqliteSession implements AutoCloseable {
    /** Every statement is known when the program is written, so this is a check, not a limit. */
    private static final int STATEMENTS_MAX = 200;

    /** Only a person with another tool can be in the way: that one is waited for, and then named as the reason. */
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

    /** The one that writes. It takes the database's write lock when its transaction begins, so that it never has to be undone for another's sake. */
    static SqliteSession writing(Path file) throws SQLException {
        return open(file, "IMMEDIATE", """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = 1000;
                PRAGMA journal_size_limit = 67108864;
                PRAGMA cache_size = -65536;
                """);
    }

    /** One that reads. What it cached is stale after every commit of the writer, so it caches little. */
    static SqliteSession reading(Path file) throws SQLException {
        return open(file, "DEFERRED", """
                PRAGMA query_only = ON;
                PRAGMA cache_size = -8192;
                """);
    }

    private static SqliteSession open(Path file, String transactionMode, String pragmas) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("transaction_mode", transactionMode);
        // Every key is ours; the driver would ask for each after each insert, with a statement prepared anew.
        properties.setProperty("jdbc.get_generated_keys", "false");
        Connection connection = DriverManager.getConnection(url(file), properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
            // Foreign keys are not declared; temporary results are small; a mapped file turns a disk error into a
            // crash.
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

    /** Runs a statement that changes rows; answers how many. */
    int update(String sql, @Nullable Object... values) throws SQLException {
        return bound(sql, values).executeUpdate();
    }

    /** Runs a statement that changes rows, for each of these; answers how many each changed. */
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
                throw new IllegalStateException("more statements than there can be, the last of them: " + sql);
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

    /** A pragma or a statement that is run once. Outside of a transaction. */
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

    /** Ids as {@code json_each} takes them apart: many rows for one query cost a third of what a query each does. */
    static String json(List<NotificationId> ids) {
        StringBuilder json = new StringBuilder(2 + 20 * ids.size()).append('[');
        for (NotificationId id : ids) {
            json.append(json.length() == 1 ? "" : ",").append(id.value());
        }
        return json.append(']').toString();
    }
}
