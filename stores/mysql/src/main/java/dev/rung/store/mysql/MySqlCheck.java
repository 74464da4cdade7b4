package dev.rung.store.mysql;

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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.mariadb.jdbc.MariaDbDataSource;

/** Checks the database: reachable, supported version, durable, writable, migrated, and its clock close to this machine's. */
final class MySqlCheck {
    private static final int CONNECTIONS_OF_A_SERVER = 14;
    private static final long PACKET_MIN = 8L << 20;

    /** Variables that one of the two databases lacks have no row. */
    private static final String VARIABLES = """
            SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', 'innodb_read_only',
              'innodb_flush_log_at_trx_commit', 'innodb_doublewrite', 'log_bin', 'sync_binlog', 'binlog_format', 'max_connections',
              'max_allowed_packet')
            """;

    private static final String CONNECTIONS = "SHOW GLOBAL STATUS LIKE 'Threads_connected'";
    private static final String WHO = "SELECT concat(database(), ' as ', current_user())";

    private final StoreProvider.Config config;
    private final String url;

    MySqlCheck(StoreProvider.Config config) {
        this.config = config;
        this.url = ConnectionPools.driverUrl(Objects.requireNonNull(config.url(), "this store is selected by its URL"));
    }

    List<CheckResult> run() {
        List<CheckResult> results = new ArrayList<>();
        CheckResult.Report report = new CheckResult.Report("database");
        try (Connection connection = connect()) {
            if (MySqlVersion.of(connection).isVitess()) {
                results.addAll(VitessCheck.run(connection, url, this::connect));
            } else {
                server(report, connection);
                results.addAll(report.results());
                results.addAll(migrations());
            }
            results.addAll(ClockCheck.compare(connection, MySqlNotificationStore.NOW));
        } catch (SQLException e) {
            report.wrong(config.shownUrl() + ": " + reason(e), remedy(e));
            results.addAll(report.results());
        }
        return results;
    }

    private Connection connect() throws SQLException {
        return connect(url);
    }

    private Connection connect(String to) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "3000");
        properties.setProperty("socketTimeout", "10000");
        properties.setProperty("sessionVariables", "time_zone='+00:00'");
        if (config.user() != null) {
            properties.setProperty("user", config.user());
        }
        if (config.password() != null) {
            properties.setProperty("password", config.password());
        }
        return DriverManager.getConnection(to, properties);
    }

    private static void server(CheckResult.Report report, Connection connection) throws SQLException {
        MySqlVersion version = MySqlVersion.of(connection);
        if (version.isSupported()) {
            report.ok(version + ", " + text(connection, WHO, 1));
        } else {
            report.wrong(version.toString(), MySqlVersion.REQUIRED + " is required");
        }
        Map<String, String> variables = variables(connection);
        if (List.of("read_only", "super_read_only", "innodb_read_only").stream()
                .anyMatch(name -> isOn(variables, name))) {
            report.wrong("it is read-only: a replica, or configured as read-only", "use the primary");
        }
        durability(report, variables);
        if (isOn(variables, "log_bin")
                && variables.getOrDefault("binlog_format", "ROW").equals("STATEMENT")) {
            report.wrong(
                    "binlog_format is STATEMENT, which does not allow read committed",
                    "set binlog_format = ROW in the configuration");
        }
        if (number(variables, "max_allowed_packet") < PACKET_MIN) {
            report.wrong(
                    "max_allowed_packet is " + variables.get("max_allowed_packet"),
                    "set max_allowed_packet = 16M or more in the configuration");
        }
        long free = number(variables, "max_connections") - Long.parseLong(text(connection, CONNECTIONS, 2));
        if (free < CONNECTIONS_OF_A_SERVER) {
            report.wrong(
                    free + " of " + variables.get("max_connections") + " connections are free, but a server uses "
                            + CONNECTIONS_OF_A_SERVER,
                    "raise max_connections");
        }
    }

    /** A commit that is not flushed to disk can be lost. */
    private static void durability(CheckResult.Report report, Map<String, String> variables) {
        if (number(variables, "innodb_flush_log_at_trx_commit") != 1) {
            report.wrong(
                    "innodb_flush_log_at_trx_commit is " + variables.get("innodb_flush_log_at_trx_commit")
                            + ": a crash would lose accepted notifications",
                    "set innodb_flush_log_at_trx_commit = 1 in the configuration");
        }
        if (!isOn(variables, "innodb_doublewrite")) {
            report.wrong(
                    "innodb_doublewrite is off: a power failure could damage the database",
                    "set innodb_doublewrite = ON in the configuration");
        }
        if (isOn(variables, "log_bin") && number(variables, "sync_binlog") != 1) {
            report.note(
                    "sync_binlog is " + variables.get("sync_binlog")
                            + ": a crash could lose the last commits on replicas",
                    "set sync_binlog = 1 in the configuration");
        }
    }

    private static Map<String, String> variables(Connection connection) throws SQLException {
        Map<String, String> variables = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(VARIABLES)) {
            while (rows.next()) {
                variables.put(
                        rows.getString(1).toLowerCase(Locale.ROOT),
                        rows.getString(2).toUpperCase(Locale.ROOT));
            }
        }
        return variables;
    }

    private static String text(Connection connection, String sql, int column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(column));
        }
    }

    /** Whether a switch has one of the values that mean on; a missing one is off. */
    private static boolean isOn(Map<String, String> variables, String name) {
        return !List.of("OFF", "0", "NO").contains(variables.getOrDefault(name, "OFF"));
    }

    private static long number(Map<String, String> variables, String name) {
        return Long.parseLong(variables.getOrDefault(name, "0"));
    }

    private List<CheckResult> migrations() throws SQLException {
        MariaDbDataSource source = new MariaDbDataSource(url);
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
        return switch (e.getErrorCode()) {
            case 1045, 1044, 1698 -> "see RUNG_DATABASE_USER and RUNG_DATABASE_PASSWORD, and the grants of the user";
            case 1049 -> "create it with CREATE DATABASE";
            case 1040, 1203, 1226 -> "raise max_connections";
            default ->
                String.valueOf(e.getSQLState()).startsWith("08")
                        ? "check --database-url, and that the database is running and accepts connections from this machine"
                        : "see --database-url";
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
