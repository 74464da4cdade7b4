package dev.rung.store.mysql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import org.mariadb.jdbc.Configuration;

/** Creates connection pools with timeouts that detect a hanging database soon. Parameters in the URL take precedence. */
final class ConnectionPools {
    private static final String MYSQL = "jdbc:mysql:";
    private static final String MARIADB = "jdbc:mariadb:";

    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    private static final Duration START_MAX = Duration.ofSeconds(10);

    /** Longer than any statement takes, short enough to detect a hanging database. */
    private static final Duration STATEMENT_MAX = Duration.ofSeconds(10);

    /** More than {@link #STATEMENT_MAX}, so that a responsive database reports its own statement timeout first. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);

    /** The database ends the connection of a server that stopped, and with it its locks. */
    private static final Duration IDLE_MAX = Duration.ofSeconds(90);

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    /** MariaDB executes the first comment, MySQL the second. */
    private static final String SESSION = """
            SET time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = %1$d, \
            wait_timeout = %2$d \
            /*M!101100 , max_statement_time = %3$d, idle_transaction_timeout = %4$d, in_predicate_conversion_threshold = 0 */ \
            /*!80000 , max_execution_time = %5$d */\
            """.formatted(
                    STATEMENT_MAX.toSeconds() / 2,
                    IDLE_MAX.toSeconds(),
                    STATEMENT_MAX.toSeconds(),
                    SILENCE_MAX.toSeconds(),
                    STATEMENT_MAX.toMillis());

    private final String url;
    private final String user;
    private final String password;

    ConnectionPools(String url, String user, String password) {
        this.url = driverUrl(url);
        this.user = user;
        this.password = password;
    }

    /**
     * The URL as the driver takes it: one driver serves both databases.
     *
     * @throws IllegalArgumentException if it is invalid; the message does not repeat it, because it may contain a password
     */
    static String driverUrl(String url) {
        String driverUrl = url.startsWith(MYSQL) ? MARIADB + url.substring(MYSQL.length()) : url;
        try {
            Configuration parsed = Configuration.parse(driverUrl);
            if (parsed != null
                    && parsed.database() != null
                    && !parsed.addresses().isEmpty()) {
                return driverUrl;
            }
        } catch (SQLException | IllegalArgumentException _) {
            // Its message may contain the password.
        }
        throw new IllegalArgumentException(
                "is not of the form jdbc:mysql://host:port/database or jdbc:mariadb://host:port/database");
    }

    /** A small pool without statement timeout that waits for a starting database. */
    HikariDataSource forMigrations() {
        HikariConfig config = config("rung-migrations");
        config.setConnectionTimeout(START_MAX.toMillis());
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    HikariDataSource forStatements(String name, int size) {
        HikariConfig config = config(name);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionInitSql(SESSION);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setKeepaliveTime(KEEP_ALIVE.toMillis());
        config.addDataSourceProperty("socketTimeout", Long.toString(SILENCE_MAX.toMillis()));
        return new HikariDataSource(config);
    }

    private HikariConfig config(String name) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        // If absent, user and password may be in the URL.
        if (!user.isEmpty()) {
            config.setUsername(user);
        }
        if (!password.isEmpty()) {
            config.setPassword(password);
        }
        config.setConnectionTimeout(CONNECT_MAX.toMillis());
        config.setValidationTimeout(CONNECT_MAX.toMillis() / 2);
        // The first use opens the first connection and reports its failure.
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("connectTimeout", Long.toString(CONNECT_MAX.toMillis()));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectionAttributes", "program_name:" + name);
        // Every database understands the statements as text; batches are sent before their results are read.
        config.addDataSourceProperty("useServerPrepStmts", "false");
        config.addDataSourceProperty("useBulkStmts", "false");
        config.addDataSourceProperty("useBulkStmtsForInserts", "false");
        return config;
    }
}
