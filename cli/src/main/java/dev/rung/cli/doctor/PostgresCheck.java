package dev.rung.cli.doctor;

import dev.rung.settings.Secret;
import dev.rung.settings.Settings.Storage.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** The database: reachable, new enough, durable, writable, migrated, and of one mind with this machine about the time. */
final class PostgresCheck implements Check {
    private static final int VERSION_MIN = 150_000;
    private static final int CONNECTIONS_OF_A_SERVER = 14;
    private static final Duration CLOCK_NOTE = Duration.ofMillis(250);
    private static final Duration CLOCK_WRONG = Duration.ofMinutes(1);

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

    private static final String NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    private final Database database;
    private final String user;
    private final String password;

    PostgresCheck(Database database) {
        this.database = database;
        this.user = database.user() == null ? "" : database.user();
        Secret secret = database.password();
        this.password = secret == null ? "" : secret.reveal();
    }

    @Override
    public List<CheckResult> look() {
        List<CheckResult> findings = new ArrayList<>();
        CheckResult.Sheet sheet = new CheckResult.Sheet("database");
        try (Connection connection = connect()) {
            server(sheet, connection);
            findings.addAll(sheet.findings());
            findings.addAll(migrations());
            findings.addAll(clock(connection));
        } catch (SQLException e) {
            sheet.wrong(database.shown() + ": " + reason(e), remedy(e));
            findings.addAll(sheet.findings());
        }
        return findings;
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("ApplicationName", "rung-doctor");
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        return DriverManager.getConnection(database.url(), properties);
    }

    private static void server(CheckResult.Sheet sheet, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SERVER)) {
            row.next();
            String who = row.getString("name") + " as " + row.getString("username");
            if (row.getInt("version") < VERSION_MIN) {
                sheet.wrong("PostgreSQL " + row.getString("version_text"), "15 or newer is needed");
            } else {
                sheet.ok("PostgreSQL " + row.getString("version_text") + ", " + who);
            }
            if (row.getBoolean("read_only")) {
                sheet.wrong(
                        "it takes no writes: a standby, or set to read-only",
                        "name the primary; with several hosts in the URL the driver finds it");
            }
            durability(sheet, row);
            int free = row.getInt("connections_max") - row.getInt("connections");
            if (free < CONNECTIONS_OF_A_SERVER) {
                sheet.wrong(
                        free + " of " + row.getInt("connections_max") + " connections are free, and a server takes "
                                + CONNECTIONS_OF_A_SERVER,
                        "raise max_connections");
            }
            if (!row.getBoolean("creates")) {
                sheet.wrong(
                        who + " may not create tables in its schema",
                        "GRANT CREATE, USAGE ON SCHEMA public TO " + row.getString("username"));
            }
        }
    }

    /** A commit that is not on disk is no promise. */
    private static void durability(CheckResult.Sheet sheet, ResultSet row) throws SQLException {
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            if (row.getString(setting).equals("off")) {
                sheet.wrong(
                        setting + " is off: a crash of the database would lose what was accepted",
                        "set " + setting + " = on in postgresql.conf");
            }
        }
    }

    private List<CheckResult> migrations() {
        CheckResult.Sheet sheet = new CheckResult.Sheet("migrations");
        try {
            var info = Flyway.configure()
                    .dataSource(database.url(), user.isEmpty() ? null : user, password.isEmpty() ? null : password)
                    .locations("classpath:db/postgresql")
                    .load()
                    .info();
            MigrationInfo current = info.current();
            int pending = info.pending().length;
            for (MigrationInfo migration : info.all()) {
                state(sheet, migration);
            }
            if (current == null) {
                sheet.ok("none yet; the first start makes the tables");
            } else {
                sheet.ok("at version " + current.getVersion()
                        + (pending == 0 ? ", up to date" : ", " + pending + " more at the next start"));
            }
        } catch (FlywayException e) {
            sheet.wrong("cannot be looked at: " + reason(e), "see the rights of the database's user");
        }
        return sheet.findings();
    }

    private static void state(CheckResult.Sheet sheet, MigrationInfo migration) {
        String what = migration.getVersion() + " (" + migration.getDescription() + ")";
        if (migration.getState().isFailed()) {
            sheet.wrong(
                    what + " failed", "see the server's log of that start; start the server again once that is mended");
        } else if (migration.getState() == MigrationState.FUTURE_SUCCESS) {
            sheet.note(what + " was made by a newer Rung than this one", "run the newer one on all machines");
        }
    }

    /** The database's time, against the middle of the question and the answer here. */
    private static List<CheckResult> clock(Connection connection) throws SQLException {
        CheckResult.Sheet sheet = new CheckResult.Sheet("clock");
        try (Statement statement = connection.createStatement()) {
            long before = System.currentTimeMillis();
            long there;
            try (ResultSet row = statement.executeQuery(NOW)) {
                row.next();
                there = row.getLong(1);
            }
            long after = System.currentTimeMillis();
            Duration apart = Duration.ofMillis(there - (before + after) / 2);
            String text = String.format(
                    Locale.ROOT,
                    "%d ms %s the database's",
                    Math.abs(apart.toMillis()),
                    apart.isNegative() ? "ahead of" : "behind");
            if (apart.abs().compareTo(CLOCK_WRONG) > 0) {
                sheet.wrong(
                        text, "keep both machines' clocks by NTP: merchants refuse signatures that are minutes off");
            } else if (apart.abs().compareTo(CLOCK_NOTE) > 0) {
                sheet.note(text, "keep both machines' clocks by NTP");
            } else {
                sheet.ok(text);
            }
        }
        return sheet.findings();
    }

    private static String remedy(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "28" -> "see RUNG_DATABASE_USER and RUNG_DATABASE_PASSWORD, and pg_hba.conf";
            case "3D" -> "make it: createdb";
            case "08" -> "see --database-url, and whether the database is up and lets this machine in";
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
