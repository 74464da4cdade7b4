package dev.rung.store.mysql;

import dev.rung.core.port.StoreException;
import dev.rung.store.common.SchemaMigrations;
import dev.rung.store.common.SchemaMigrations.MigrationFailed;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

/** Migrates the database. Safe if several servers start concurrently: one migrates, the others wait. */
final class Migrations {
    static final String LOCATION = "db/mysql";
    static final String TABLE = "flyway_schema_history";

    /** How many seconds a server waits for another server's migration. */
    private static final Map<String, String> OPTIONS = Map.of("flyway.lockRetryCount", "600");

    private static final String FORGET_FAILED = "DELETE FROM " + TABLE + " WHERE success = 0";
    private static final int NO_SUCH_TABLE = 1146;

    private Migrations() {}

    static void run(DataSource source) {
        try {
            forgetFailed(source);
            new SchemaMigrations(source, LOCATION, OPTIONS).run();
        } catch (SQLException e) {
            throw new StoreException("the database cannot be used: " + reason(e), e);
        } catch (MigrationFailed e) {
            throw new StoreException("the database's schema could not be migrated: " + reason(e), e);
        }
    }

    /** Which database it is. Throws {@link StoreException} if it cannot be used. */
    static MySqlVersion version(DataSource source) {
        try (Connection connection = source.getConnection()) {
            MySqlVersion version = MySqlVersion.of(connection);
            if (!version.isSupported()) {
                throw new SQLException("its version is " + version + "; " + MySqlVersion.REQUIRED + " is required");
            }
            return version;
        } catch (SQLException e) {
            throw new StoreException("the database cannot be used: " + reason(e), e);
        }
    }

    /** A migration that failed or was cut off is run again: DDL is not transactional, so every script can be repeated. */
    private static void forgetFailed(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(FORGET_FAILED);
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_TABLE) {
                throw e;
            }
        }
    }

    /** The pool's own exception only reports a timeout; the cause of the failed connection is nested in it. */
    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }
}
