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

/** Brings a database's tables up to date. Safe when several servers do it at once: one does, the others wait. */
final class Migrations {
    static final int VERSION_MIN = 150_000;
    static final String LOCATION = "db/postgresql";

    /** A server waits so many seconds for another one's migrations. */
    private static final Map<String, String> OPTIONS =
            Map.of("flyway.lockRetryCount", "600", "flyway.postgresql.transactional.lock", "true");

    private static final String IS_ELSEWHERE =
            "SELECT cluster <> system_identifier FROM feed_origin, pg_control_system()";

    /**
     * In a cluster that the database was restored into, and that counts its transactions from the beginning again, positions go on
     * above the greatest that was given out. One look a merchant finds it.
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
            throw new StoreException("PostgreSQL's tables could not be brought up to date: " + reason(e), e);
        }
    }

    private static void checkVersion(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('server_version_num')::int")) {
            row.next();
            if (row.getInt(1) < VERSION_MIN) {
                throw new SQLException("it is version " + row.getInt(1) / 10_000 + ", and 15 or newer is needed");
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

    /** A pool that could not connect says only that it waited; what it waited for is underneath. */
    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }
}
