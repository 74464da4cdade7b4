package dev.rung.server.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * The clock of a PostgreSQL database, which a test steps: whoever asks for {@code clock_timestamp()} by that name gets it from
 * a schema that is looked into before PostgreSQL's own. For connections made afterwards.
 */
final class DatabaseClock {
    private final String url;
    private final String user;
    private final String password;

    /** One that is right so far. */
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

    /** Sets it this far ahead of the true time (or, negative, behind). */
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
