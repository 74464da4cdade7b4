package dev.rung.store.postgresql;

import dev.rung.testing.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A database of one test class, which registers it: it is emptied before each test, quicker than a new one, and closed behind the last. */
final class PostgresScene implements BeforeEachCallback, AfterAllCallback, AutoCloseable {
    final String url;
    PostgresStores stores;
    private final PostgresServer server;

    PostgresScene() {
        this(PostgresServer.shared());
    }

    PostgresScene(PostgresServer server) {
        this.server = server;
        url = server.createDatabase();
        stores = open();
    }

    /** A further server on the same database. */
    PostgresStores open() {
        return PostgresStores.open(url, server.user(), server.password());
    }

    /** A connection beside the stores' own. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, server.user(), server.password());
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Row by row: truncating makes and syncs new files, which takes longer for what little is there. */
    void empty() {
        execute(Stream.of(
                                "notification",
                                "delivery",
                                "attempt",
                                "notification_count",
                                "last_attempt",
                                "alert",
                                "merchant",
                                "api_key",
                                "endpoint",
                                "receiver_throttle",
                                "ladder",
                                "meta",
                                "payment",
                                "payment_event",
                                "refund",
                                "payment_callback",
                                "payment_count",
                                "discrepancy",
                                "reconciliation",
                                "audit",
                                "simulated_order")
                        .map(table -> "DELETE FROM " + table + "; ")
                        .collect(Collectors.joining())
                + "UPDATE merchant_versions SET last = 0; UPDATE id_drift SET ahead = 0, behind = 0");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        empty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        stores.close();
    }
}
