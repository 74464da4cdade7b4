package dev.rung.store.mysql;

import dev.rung.testing.MariaDbServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A database of one test class, which registers it: it is emptied before each test, quicker than a new one, and closed behind the last. It is on a private
 * MariaDB server, or on the server that the environment variable {@code RUNG_TEST_MYSQL_URL} names, such as {@code
 * jdbc:mysql://127.0.0.1:3306/?user=root&password=…}.
 */
final class MySqlScene implements BeforeEachCallback, AfterAllCallback, AutoCloseable {
    private static final @Nullable String ELSEWHERE = System.getenv("RUNG_TEST_MYSQL_URL");

    /** Row by row: truncating makes new files, which takes longer for what little is there. */
    static final List<String> EMPTY = List.of(
            "DELETE FROM notification",
            "DELETE FROM delivery",
            "DELETE FROM attempt",
            "DELETE FROM notification_count",
            "DELETE FROM last_attempt",
            "DELETE FROM merchant",
            "DELETE FROM endpoint",
            "DELETE FROM alert",
            "DELETE FROM receiver_throttle",
            "DELETE FROM api_key",
            "DELETE FROM ladder",
            "DELETE FROM meta",
            "DELETE FROM payment",
            "DELETE FROM payment_event",
            "DELETE FROM refund",
            "DELETE FROM payment_callback",
            "DELETE FROM payment_count",
            "DELETE FROM discrepancy",
            "DELETE FROM reconciliation",
            "DELETE FROM audit",
            "DELETE FROM simulated_order",
            "UPDATE merchant_versions SET last = 0",
            "UPDATE id_drift SET ahead = 0, behind = 0");

    /** Without the creation of the database, which a read-only server refuses. */
    final String url;

    final String user;
    MySqlStores stores;

    MySqlScene() {
        this(
                ELSEWHERE == null ? MariaDbServer.shared().createDatabase() : databaseOf(ELSEWHERE),
                ELSEWHERE == null ? MariaDbServer.shared().user() : "");
    }

    MySqlScene(MariaDbServer server) {
        this(server.createDatabase(), server.user());
    }

    MySqlScene(String url, String user) {
        MySqlStores.open(url, user, "").close();
        this.url = url.replaceFirst("[?&]createDatabaseIfNotExist=true", "");
        this.user = user;
        stores = open();
    }

    /** A new database there, created when it is opened. */
    private static String databaseOf(String server) {
        int slash = server.indexOf('/', "jdbc:mysql://".length());
        int parameters = server.indexOf('?');
        return server.substring(0, slash + 1) + "rung_test_"
                + UUID.randomUUID().toString().replace("-", "")
                + (parameters < 0 ? "?" : server.substring(parameters) + "&") + "createDatabaseIfNotExist=true";
    }

    /** A further server on the same database. */
    MySqlStores open() {
        return MySqlStores.open(url, user, "");
    }

    /** A connection beside the stores' own. */
    Connection connect() throws SQLException {
        String driverUrl = ConnectionPools.driverUrl(url);
        return user.isEmpty()
                ? DriverManager.getConnection(driverUrl)
                : DriverManager.getConnection(driverUrl, user, "");
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    void empty() {
        EMPTY.forEach(this::execute);
    }

    /** Ends every other connection to this database. */
    void cutConnections() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            List<Long> others = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT id FROM information_schema.processlist"
                    + " WHERE db = database() AND id <> connection_id()")) {
                while (rows.next()) {
                    others.add(rows.getLong(1));
                }
            }
            for (long id : others) {
                statement.execute("KILL " + id);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cutting connections", e);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        empty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    private void drop() {
        try (Connection connection = connect()) {
            execute("DROP DATABASE " + connection.getCatalog());
        } catch (SQLException e) {
            throw new IllegalStateException("dropping the database", e);
        }
    }

    @Override
    public void close() {
        stores.close();
        if (ELSEWHERE != null) {
            drop();
        }
    }
}
