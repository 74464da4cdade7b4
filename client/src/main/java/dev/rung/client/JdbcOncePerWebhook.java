package dev.rung.client;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Timestamp;
import java.time.Instant;
import javax.sql.DataSource;

/**
 * Keeps the ids of notifications in the table {@code rung_webhook}, so that an action runs once whichever process receives the repetition. Works on
 * PostgreSQL, MariaDB, MySQL and H2.
 *
 * <p>{@link #run(String, TransactionalAction)} gives the action the connection of the transaction that stores the id: what it changes there is
 * committed with the id, or not at all. An application with transactions of its own calls {@link #firstTime} in them.
 */
public final class JdbcOncePerWebhook implements OncePerWebhook {
    /** Creates the table. */
    public static final String DDL = """
            CREATE TABLE IF NOT EXISTS rung_webhook (
              id VARCHAR(64) NOT NULL PRIMARY KEY,
              received_at TIMESTAMP NOT NULL
            )""";

    private static final String INSERT = "INSERT INTO rung_webhook (id, received_at) VALUES (?, ?)";
    private static final String DELETE = "DELETE FROM rung_webhook WHERE received_at < ?";

    /** SQL:2023: integrity constraint violation. */
    private static final String CONSTRAINT_VIOLATION = "23";

    private final DataSource dataSource;

    JdbcOncePerWebhook(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** An action within a transaction. */
    @FunctionalInterface
    public interface TransactionalAction<E extends Exception> {
        /** Must not commit, roll back or close the connection. */
        void run(Connection connection) throws E, SQLException;
    }

    /** The database failed. Do not acknowledge, so that the notification is repeated. */
    public static final class DatabaseException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DatabaseException(SQLException cause) {
            super("the ids of notifications cannot be stored in the table rung_webhook", cause);
        }
    }

    @Override
    public <E extends Exception> Result run(String id, Action<E> action) throws E {
        return run(id, (TransactionalAction<E>) connection -> action.run());
    }

    /**
     * Runs the action in the transaction that stores the id, unless it ran before. If it throws, everything is rolled back, and the action may run
     * again. Waits while another process runs it.
     *
     * @throws DatabaseException if the database fails
     */
    public <E extends Exception> Result run(String id, TransactionalAction<E> action) throws E {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            boolean committed = false;
            try {
                if (!firstTime(connection, id)) {
                    return Result.DONE_BEFORE;
                }
                action.run(connection);
                connection.commit();
                committed = true;
                return Result.DONE;
            } finally {
                if (!committed) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /**
     * Stores an id in a transaction of the caller, which must end before the notification is acknowledged.
     *
     * @return false if it is there already, so that the notification is a repetition
     */
    public static boolean firstTime(Connection connection, String id) throws SQLException {
        Savepoint before = connection.setSavepoint(); // PostgreSQL ends a transaction whose statement failed
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, id);
            insert.setTimestamp(2, Timestamp.from(Instant.now()));
            insert.executeUpdate();
            connection.releaseSavepoint(before);
            return true;
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith(CONSTRAINT_VIOLATION)) {
                connection.rollback(before);
                return false;
            }
            throw e;
        }
    }

    /**
     * Forgets old ids. Keep them longer than the longest ladder, resends included.
     *
     * @return how many were deleted
     */
    public int deleteBefore(Instant time) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setTimestamp(1, Timestamp.from(time));
            return delete.executeUpdate();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
