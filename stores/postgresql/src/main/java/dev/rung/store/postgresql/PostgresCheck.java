package dev.rung.store.postgresql;

import dev.rung.core.port.CheckResult;
import dev.rung.store.common.ClockCheck;
import dev.rung.store.common.SchemaMigrations;
import dev.rung.store.spi.StoreProvider;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.ds.PGSimpleDataSource;

/** Checks the database: reachable, supported version, durable, writable, migrated, and its clock close to this machine's. */
final class PostgresCheck {
    private static final int CONNECTIONS_OF_A_SERVER = 14;

    private static final String SERVER = """
            SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_text,
              pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS read_only,
              current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
              current_setting('full_page_writes') AS full_page_writes,
              current_setting('max_connections')::int AS connections_max,
              (SELECT count(*) FROM pg_stat_activity) AS connections,
              has_schema_privilege(current_schema(), 'CREATE') AS creates, current_user AS username,
              current_database() AS name
            """;

    private final StoreProvider.Config config;
    private final String url;

    PostgresCheck(StoreProvider.Config config) {
        this.config = config;
        this.url = Objects.requireNonNull(config.url(), "this store is selected by its URL");
    }

    List<CheckResult> run() {
        List<CheckResult> results = new ArrayList<>();
        CheckResult.Report report = new CheckResult.Report("database");
        try (Connection connection = connect()) {
            server(report, connection);
            results.addAll(report.results());
            results.addAll(migrations());
            results.addAll(ClockCheck.compare(connection, PostgresNotificationStore.NOW));
        } catch (SQLException e) {
            report.wrong(config.shownUrl() + ": " + reason(e), remedy(e));
            results.addAll(report.results());
        }
        return results;
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("ApplicationName", "rung-doctor");
        if (config.user() != null) {
            properties.setProperty("user", config.user());
        }
        if (config.password() != null) {
            properties.setProperty("password", config.password());
        }
        return DriverManager.getConnection(url, properties);
    }

    private static void server(CheckResult.Report report, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SERVER)) {
            row.next();
            String who = row.getString("name") + " as " + row.getString("username");
            if (row.getInt("version") < Migrations.VERSION_MIN) {
                report.wrong("PostgreSQL " + row.getString("version_text"), "15 or newer is required");
            } else {
                report.ok("PostgreSQL " + row.getString("version_text") + ", " + who);
            }
            if (row.getBoolean("read_only")) {
                report.wrong(
                        "it is read-only: a standby, or configured as read-only",
                        "use the primary; with several hosts in the URL the driver finds it");
            }
            durability(report, row);
            int free = row.getInt("connections_max") - row.getInt("connections");
            if (free < CONNECTIONS_OF_A_SERVER) {
                report.wrong(
                        free + " of " + row.getInt("connections_max") + " connections are free, but a server uses "
                                + CONNECTIONS_OF_A_SERVER,
                        "raise max_connections");
            }
            if (!row.getBoolean("creates")) {
                report.wrong(
                        who + " may not create tables in its schema",
                        "GRANT CREATE, USAGE ON SCHEMA public TO " + row.getString("username"));
            }
        }
    }

    /** A commit that is not flushed to disk can be lost. */
    private static void durability(CheckResult.Report report, ResultSet row) throws SQLException {
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            if (row.getString(setting).equals("off")) {
                report.wrong(
                        setting + " is off: a database crash would lose accepted notifications",
                        "set " + setting + " = on in postgresql.conf");
            }
        }
    }

    private List<CheckResult> migrations() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        if (config.user() != null) {
            source.setUser(config.user());
        }
        if (config.password() != null) {
            source.setPassword(config.password());
        }
        CheckResult.Report report = new CheckResult.Report("migrations");
        new SchemaMigrations(source, Migrations.LOCATION, Map.of()).check(report);
        return report.results();
    }

    private static String remedy(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "28" -> "see RUNG_DATABASE_USER and RUNG_DATABASE_PASSWORD, and pg_hba.conf";
            case "3D" -> "create it with createdb";
            case "08" ->
                "check --database-url, and that the database is running and accepts connections from this machine";
            case "53" -> "raise max_connections";
            default -> "see --database-url";
        };
    }

    /** The deepest message; the driver's own never repeat the password. */
    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
    }
}
