package dev.rung.server.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A PostgreSQL database clock that a test can step: unqualified calls of {@code clock_timestamp()} use a function in a
 * schema that precedes PostgreSQL's own. Applies to new connections.
 */
final class DatabaseClock {
    private final String url;
    private final String user;
    private final String password;

    /** A correct clock. */
    DatabaseClock(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
        execute("CREATE SCHEMA stepped");
        execute("CREATE TABLE stepped.ahead AS SELECT 0::bigint AS seconds");
        execute("""
                CREATE FUNCTION stepped.clock_timestamp() RETURNS timestamptz VOLATILE LANGUAGE sql AS
                'SELECT pg_catalog.clock_timestamp() + seconds * interval ''1 second'' FROM stepped.ahead'
                """);
        String database = url.substring(url.lastIndexOf('/') + 1);
        execute("ALTER DATABASE " + database + " SET search_path = public, stepped, pg_catalog");
    }

    /** Sets it ahead of the true time by this much; behind, if negative. */
    void step(Duration ahead) {
        execute("UPDATE stepped.ahead SET seconds = " + ahead.toSeconds());
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
