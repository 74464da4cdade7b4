package dev.rung.store.mysql;

import com.zaxxer.hikari.HikariDataSource;
import dev.rung.core.port.StoreException;
import dev.rung.store.common.SqlStatements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A connection pool that runs statements atomically, repeats deadlocked transactions, and translates errors. */
final class MySqlDatabase implements SqlStatements {
    private static final int DUPLICATE_ENTRY = 1062;
    private static final String CONNECTION_EXCEPTIONS = "08";
    /** Data and integrity errors, whose messages contain values. */
    private static final Set<String> TELLING_VALUES = Set.of("22", "23");
    /** What vtgate adds to a message: the caller, the statement and its values. */
    private static final String STATEMENT_OF_VTGATE = " (CallerID: ";
    /** Deadlock, lock wait timeout, and (MariaDB) a row changed since the snapshot. */
    private static final Set<Integer> CONFLICTS = Set.of(1213, 1205, 1020);
    /** Started with --read-only, read-only InnoDB, or a read-only transaction. */
    private static final Set<Integer> READ_ONLY = Set.of(1290, 1836, 1792);

    private static final int TRIES_MAX = 10;

    /** A multi-row statement has at most this many rows and bytes, far below max_allowed_packet. */
    private static final int ROWS_MAX = 1_000;

    private static final int BYTES_MAX = 2 << 20;

    /**
     * The same index is called {@code PRIMARY} by MariaDB and {@code table.PRIMARY} by MySQL; vtgate adds the shard before the message and the statement after
     * it.
     */
    private static final Pattern ID_TAKEN =
            Pattern.compile("for key '(\\w+\\.)?PRIMARY'($| \\(errno " + DUPLICATE_ENTRY + "\\))");

    private final HikariDataSource pool;
    private final MySqlDialect dialect;
    private final AtomicLong repeated = new AtomicLong();

    MySqlDatabase(HikariDataSource pool, MySqlDialect dialect) {
        this.pool = pool;
        this.dialect = dialect;
    }

    MySqlDialect dialect() {
        return dialect;
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

    /** The number of transactions that were repeated because they met a deadlock or waited too long for a lock. */
    long repeatedTransactions() {
        return repeated.get();
    }

    /** Runs one statement with auto-commit. */
    <T extends @Nullable Object> T single(Work<T> work) {
        return repeating(work);
    }

    /**
     * Runs several statements in one transaction. If the work throws, the transaction is rolled back; after a deadlock it runs again.
     */
    <T extends @Nullable Object> T transaction(Work<T> work) {
        return repeating(connection -> {
            boolean committed = false;
            execute(connection, "START TRANSACTION");
            try {
                T result = work.on(connection);
                execute(connection, "COMMIT");
                committed = true;
                return result;
            } finally {
                if (!committed) {
                    rollBack(connection);
                }
            }
        });
    }

    private <T extends @Nullable Object> T repeating(Work<T> work) {
        for (int attempt = 1; true; attempt++) {
            try (Connection connection = pool.getConnection()) {
                try {
                    return work.on(connection);
                } catch (SQLException e) {
                    if (READ_ONLY.contains(e.getErrorCode())) {
                        // After a failover the next connection may find the new primary.
                        pool.evictConnection(connection);
                    }
                    if (attempt == TRIES_MAX || !CONFLICTS.contains(e.getErrorCode())) {
                        throw e;
                    }
                }
            } catch (SQLException e) {
                throw failure(e);
            }
            repeated.incrementAndGet();
            LockSupport.parkNanos(
                    TimeUnit.MICROSECONDS.toNanos(ThreadLocalRandom.current().nextInt(500, 5_000 * attempt)));
        }
    }

    private void rollBack(Connection connection) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException _) {
            // A broken connection, whose transaction ends with it.
            pool.evictConnection(connection);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
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

    /** Runs a statement and returns the number of matching rows. */
    static int change(Connection connection, String sql, Binding binding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.to(new Parameters(statement));
            return statement.executeUpdate();
        }
    }

    /** Runs a statement once per item; the driver sends all of them before it reads the results. */
    static void changeEach(Connection connection, String sql, Collection<@Nullable Object[]> items)
            throws SQLException {
        if (items.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] item : items) {
                new Parameters(statement).values(item);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /**
     * Inserts rows with statements of many rows each.
     *
     * @param into up to {@code VALUES}
     * @param row the values of one row
     * @param after what follows the rows
     */
    static void insert(Connection connection, String into, String row, String after, List<@Nullable Object[]> rows)
            throws SQLException {
        int from = 0;
        while (from < rows.size()) {
            int to = from;
            int bytes = 0;
            while (to < rows.size() && to < from + ROWS_MAX && (to == from || bytes < BYTES_MAX)) {
                bytes += bytes(rows.get(to++));
            }
            List<@Nullable Object[]> some = rows.subList(from, to);
            String values = String.join(", ", Collections.nCopies(some.size(), row));
            change(connection, into + " VALUES " + values + after, p -> {
                for (@Nullable Object[] item : some) {
                    p.values(item);
                }
            });
            from = to;
        }
    }

    static void insert(Connection connection, String into, String row, List<@Nullable Object[]> rows)
            throws SQLException {
        insert(connection, into, row, "", rows);
    }

    /** Inserts one row; false if a unique key other than the primary one is in use. */
    static boolean insertIfNew(Connection connection, String sql, Binding binding) throws SQLException {
        try {
            change(connection, sql, binding);
            return true;
        } catch (SQLException e) {
            if (isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private static int bytes(@Nullable Object[] row) {
        int bytes = 0;
        for (Object value : row) {
            bytes += value instanceof byte[] b ? 2 * b.length : value instanceof String s ? 3 * s.length() : 20;
        }
        return bytes;
    }

    /** The statement with these numbers in place of its {@code %s}, within {@code IN (%s)}. */
    static String withIds(String statement, Collection<Long> ids) {
        return statement.formatted(
                ids.isEmpty() ? "NULL" : ids.stream().map(String::valueOf).collect(Collectors.joining(",")));
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
        return single(connection -> insertIfNew(connection, insert, p -> p.values(values)));
    }

    @Override
    public <T> List<T> list(String query, RowReader<T> row, @Nullable Object... values) {
        return rows(query, p -> p.values(values), row::read);
    }

    /** Whether a unique key is in use. */
    static boolean isDuplicate(SQLException e) {
        return e.getErrorCode() == DUPLICATE_ENTRY;
    }

    /** Whether it is the primary key. */
    static boolean isIdTaken(SQLException e) {
        return isDuplicate(e)
                && ID_TAKEN.matcher(String.valueOf(e.getMessage())).find();
    }

    /** Translates an error without values: the database's messages may contain them. */
    static StoreException failure(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        SQLException cause = withoutValues(e, state);
        if (e instanceof SQLTransientConnectionException || state.startsWith(CONNECTION_EXCEPTIONS)) {
            return new StoreException("the database cannot be reached, or the connection broke", cause);
        }
        if (isIdTaken(e)) {
            return StoreException.idTaken(cause);
        }
        return new StoreException("the database: " + cause.getMessage() + " (SQLSTATE " + state + ")", cause);
    }

    private static SQLException withoutValues(SQLException e, String state) {
        boolean tellsValues = state.length() >= 2 && TELLING_VALUES.contains(state.substring(0, 2));
        String message = String.valueOf(e.getMessage());
        int ofVtgate = message.indexOf(STATEMENT_OF_VTGATE);
        if (!tellsValues && ofVtgate < 0) {
            return e;
        }
        SQLException cut = new SQLException(
                tellsValues ? "error " + e.getErrorCode() + " for a value" : message.substring(0, ofVtgate),
                state,
                e.getErrorCode());
        cut.setStackTrace(e.getStackTrace());
        return cut;
    }
}
