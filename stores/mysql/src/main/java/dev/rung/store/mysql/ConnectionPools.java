package dev.rung.store.mysql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Matcher;
import org.mariadb.jdbc.Configuration;

/** Creates connection pools with timeouts that detect a hanging database soon. Parameters in the URL take precedence. */
final class ConnectionPools {
    private static final String MYSQL = "jdbc:mysql:";
    private static final String MARIADB = "jdbc:mariadb:";

    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    private static final Duration START_MAX = Duration.ofSeconds(10);

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    private final String url;
    private final String user;
    private final String password;
    private final MySqlDialect dialect;
    /** Of the pools' names. */
    private final String suffix;

    ConnectionPools(String url, String user, String password) {
        this(url, user, password, MySqlDialect.SERVER, "");
    }

    private ConnectionPools(String url, String user, String password, MySqlDialect dialect, String suffix) {
        this.url = driverUrl(url);
        this.user = user;
        this.password = password;
        this.dialect = dialect;
        this.suffix = suffix;
    }

    /**
     * Pools for a part of what the URL reaches.
     *
     * @param database in place of the URL's
     * @param part at the end of the pools' names
     */
    ConnectionPools of(String database, String part, MySqlDialect with) {
        return new ConnectionPools(
                url.replaceFirst("^(\\w+:\\w+:[^/]*//[^/]+/)[^?]*", "$1" + Matcher.quoteReplacement(database)),
                user,
                password,
                with,
                " " + part);
    }

    String url() {
        return url;
    }

    MySqlDialect dialect() {
        return dialect;
    }

    /** The database that the URL names. */
    String database() {
        return url.replaceFirst("^\\w+:\\w+:[^/]*//[^/]+/([^?]*).*", "$1");
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
        fixIsolation(config);
        config.setConnectionTimeout(START_MAX.toMillis());
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    HikariDataSource forStatements(String name, int size) {
        HikariConfig config = config(name + suffix);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionInitSql(dialect.session());
        if (dialect.isolation() == null) {
            fixIsolation(config);
        } else {
            config.setTransactionIsolation(dialect.isolation());
        }
        config.setKeepaliveTime(KEEP_ALIVE.toMillis());
        config.addDataSourceProperty("socketTimeout", Long.toString(MySqlDialect.SILENCE_MAX.toMillis()));
        return new HikariDataSource(config);
    }

    private void fixIsolation(HikariConfig config) {
        config.setDataSource(new FixedIsolation(url, config.getDataSourceProperties()));
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
