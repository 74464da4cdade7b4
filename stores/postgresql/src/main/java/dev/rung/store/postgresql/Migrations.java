package dev.rung.store.postgresql;

import dev.rung.core.port.StoreException;
import dev.rung.store.common.SchemaMigrations;
import dev.rung.store.common.SchemaMigrations.MigrationFailed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

/** Migrates the database. Safe if several servers start concurrently: one migrates, the others wait. */
final class Migrations {
    static final int VERSION_MIN = 150_000;
    static final String LOCATION = "db/postgresql";

    /** How many seconds a server waits for another server's migration. */
    private static final Map<String, String> OPTIONS =
            Map.of("flyway.lockRetryCount", "600", "flyway.postgresql.transactional.lock", "true");

    private static final String IS_ELSEWHERE =
            "SELECT cluster <> system_identifier FROM feed_origin, pg_control_system()";

    /**
     * After a restore into a new cluster, which counts its transactions from the beginning, positions continue above the greatest one in
     * use. One index lookup per merchant finds it.
     */
    private static final String ADOPT = """
            WITH RECURSIVE merchants AS (
              (SELECT merchant_id FROM notification ORDER BY merchant_id LIMIT 1)
              UNION ALL
              SELECT (SELECT n.merchant_id FROM notification n WHERE n.merchant_id > m.merchant_id
                ORDER BY n.merchant_id LIMIT 1)
              FROM merchants m WHERE m.merchant_id IS NOT NULL
            ), last AS (
              SELECT max(p.position) AS position
              FROM merchants m, LATERAL (SELECT n.position FROM notification n WHERE n.merchant_id = m.merchant_id
                ORDER BY n.position DESC LIMIT 1) AS p
            )
            UPDATE feed_origin SET
              cluster = c.system_identifier,
              added = greatest(0, coalesce(last.position, 0) + 1 - pg_current_xact_id()::text::bigint)
            FROM pg_control_system() c, last
            WHERE feed_origin.cluster <> c.system_identifier
            """;

    private Migrations() {}

    static void run(DataSource source) {
        try {
            checkVersion(source);
            new SchemaMigrations(source, LOCATION, OPTIONS).run();
            adoptCluster(source);
        } catch (SQLException e) {
            throw new StoreException("PostgreSQL cannot be used: " + reason(e), e);
        } catch (MigrationFailed e) {
            throw new StoreException("PostgreSQL's schema could not be migrated: " + reason(e), e);
        }
    }

    private static void checkVersion(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('server_version_num')::int")) {
            row.next();
            if (row.getInt(1) < VERSION_MIN) {
                throw new SQLException("its version is " + row.getInt(1) / 10_000 + "; 15 or newer is required");
            }
        }
    }

    private static void adoptCluster(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            boolean elsewhere;
            try (ResultSet row = statement.executeQuery(IS_ELSEWHERE)) {
                row.next();
                elsewhere = row.getBoolean(1);
            }
            if (elsewhere) {
                statement.execute("SET enable_seqscan = off");
                statement.executeUpdate(ADOPT);
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
