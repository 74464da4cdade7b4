package dev.rung.store.postgresql;

import com.zaxxer.hikari.HikariDataSource;
import dev.rung.core.port.StoreException;
import dev.rung.store.common.SqlStatements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A connection pool that runs statements atomically and translates their errors. */
final class PostgresDatabase implements SqlStatements {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String CONNECTION_EXCEPTIONS = "08";
    private static final Set<String> IDS = Set.of(
            "notification_id",
            "delivery_id",
            "merchant_id",
            "api_key_id",
            "endpoint_id",
            "audit_id",
            "payment_id",
            "refund_id",
            "payment_event_id",
            "payment_callback_id",
            "discrepancy_id");

    private final HikariDataSource pool;

    PostgresDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Work on a connection. */
    interface Work<T extends @Nullable Object> {
        T on(Connection connection) throws SQLException;
    }

    /** Binds a statement's parameters. */
    interface Binding {
        void to(Parameters parameters) throws SQLException;
    }

    /** Reads one row. */
    interface Row<T extends @Nullable Object> {
        T of(ResultSet row) throws SQLException;
    }

    /** Runs a single statement with auto-commit, which saves the round trip of a commit. */
    <T extends @Nullable Object> T single(Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Runs several statements in one transaction. If the work throws, the transaction is rolled back. */
    <T extends @Nullable Object> T transaction(Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            // The pool rolls back a connection that is returned with uncommitted work.
            connection.setAutoCommit(false);
            T result = work.on(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Runs a query and returns its rows. */
    static <T> List<T> rows(Connection connection, String sql, Binding binding, Row<T> row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.to(new Parameters(statement));
            try (ResultSet found = statement.executeQuery()) {
                List<T> rows = new ArrayList<>();
                while (found.next()) {
                    rows.add(row.of(found));
                }
                return rows;
            }
        }
    }

    /** Runs a statement and returns the number of changed rows. */
    static int change(Connection connection, String sql, Binding binding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.to(new Parameters(statement));
            return statement.executeUpdate();
        }
    }

    /** Runs a statement once per item, in one round trip, and returns the numbers of changed rows. */
    static int[] changeEach(Connection connection, String sql, List<@Nullable Object[]> items) throws SQLException {
        if (items.isEmpty()) {
            return new int[0];
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] item : items) {
                new Parameters(statement).values(item);
                statement.addBatch();
            }
            return statement.executeBatch();
        }
    }

    /** {@link #rows(Connection, String, Binding, Row)} with auto-commit. */
    <T> List<T> rows(String sql, Binding binding, Row<T> row) {
        return single(connection -> rows(connection, sql, binding, row));
    }

    /** {@link #change(Connection, String, Binding)} with auto-commit. */
    int change(String sql, Binding binding) {
        return single(connection -> change(connection, sql, binding));
    }

    @Override
    public int change(String sql, @Nullable Object... values) {
        return change(sql, p -> p.values(values));
    }

    @Override
    public void changeTogether(List<Change> changes) {
        transaction(connection -> {
            for (Change change : changes) {
                change(connection, change.sql(), p -> p.values(change.values()));
            }
            return changes;
        });
    }

    @Override
    public boolean insertIfNew(String insert, @Nullable Object... values) {
        return change(insert + " ON CONFLICT DO NOTHING", values) == 1;
    }

    @Override
    public <T> List<T> list(String query, RowReader<T> row, @Nullable Object... values) {
        return rows(query, p -> p.values(values), row::read);
    }

    /** Translates an error using the server's short message; error details, which contain values, are disabled. */
    static StoreException failure(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (e instanceof SQLTransientConnectionException || state.startsWith(CONNECTION_EXCEPTIONS)) {
            return new StoreException("PostgreSQL cannot be reached, or the connection broke", e);
        }
        ServerErrorMessage told = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        if (told != null && UNIQUE_VIOLATION.equals(state) && IDS.contains(String.valueOf(told.getConstraint()))) {
            return StoreException.idTaken(e);
        }
        return new StoreException("PostgreSQL: " + e.getMessage() + " (SQLSTATE " + state + ")", e);
    }
}
