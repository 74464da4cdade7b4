package dev.rung.store.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Pattern;

/** Creates connection pools with timeouts that detect a hanging database soon. Parameters in the URL take precedence. */
final class ConnectionPools {
    private static final Pattern SEVERAL_HOSTS = Pattern.compile("^jdbc:postgresql://[^/?]*,");

    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    private static final Duration START_MAX = Duration.ofSeconds(10);

    /** Longer than any statement takes, short enough to detect a hanging database. */
    private static final Duration STATEMENT_MAX = Duration.ofSeconds(10);

    /** More than {@link #STATEMENT_MAX}, so that a responsive database reports its own statement timeout first. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);

    /**
     * Every statement finds its rows by an index, whatever the length of a batch's arrays, so sequential scans are disabled. A plan made
     * while a table was small or not analysed would otherwise scan it for minutes after it has grown.
     */
    private static final String SESSION =
            """
            SET enable_seqscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan; \
            SET statement_timeout = %d; SET lock_timeout = %d; SET idle_in_transaction_session_timeout = %d\
            """.formatted(STATEMENT_MAX.toMillis(), STATEMENT_MAX.toMillis() / 2, SILENCE_MAX.toMillis());

    private final String url;
    private final String user;
    private final String password;
    private final boolean severalHosts;

    ConnectionPools(String url, String user, String password) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            // The URL is not repeated because it may contain a password.
            throw new IllegalArgumentException(
                    "the database's URL is not of the form jdbc:postgresql://host:port/database", e);
        }
        this.url = url;
        this.user = user;
        this.password = password;
        this.severalHosts = SEVERAL_HOSTS.matcher(url).find();
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
        config.addDataSourceProperty("socketTimeout", Long.toString(SILENCE_MAX.toSeconds()));
        // Statements are reused, so they are prepared at the first use; this also enables binary results.
        config.addDataSourceProperty("prepareThreshold", "1");
        return new HikariDataSource(config);
    }

    private HikariConfig config(String name) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        // If absent, user and password may be in the URL or in a password file.
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
        config.addDataSourceProperty("connectTimeout", Long.toString(CONNECT_MAX.toSeconds()));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("ApplicationName", name);
        // Error details contain whole rows, including payloads and secrets.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        if (severalHosts) {
            config.addDataSourceProperty("targetServerType", "primary");
        }
        return config;
    }
}
