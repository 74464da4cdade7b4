package dev.rung.spring.outbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/** The databases that can keep an outbox. */
public enum OutboxDatabase {
    POSTGRESQL,
    MARIADB,
    MYSQL,
    H2;

    /**
     * The database behind a data source.
     *
     * @throws IllegalStateException if it is another one
     */
    public static OutboxDatabase of(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            String name = connection.getMetaData().getDatabaseProductName();
            return Arrays.stream(values())
                    .filter(each -> each.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "the outbox works on PostgreSQL, MariaDB, MySQL and H2, not on " + name));
        }
    }

    /** The statements that create the table, in the order of execution. They do nothing if it exists. */
    public List<String> schema() {
        String file = "/rung/outbox/schema-" + name().toLowerCase(Locale.ROOT) + ".sql";
        try (InputStream in = OutboxDatabase.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing on the class path");
            }
            String script = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            return Arrays.stream(script.split(";"))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
