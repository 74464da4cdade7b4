package dev.rung.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresServerIT {
    @Test
    void whatWasCommittedIsThereAfterAKill() throws SQLException {
        try (PostgresServer server = PostgresServer.start()) {
            String url = server.createDatabase();
            execute(server, url, "CREATE TABLE t AS SELECT 42 AS answer");
            server.kill9();
            assertThatThrownBy(() -> answer(server, url)).isInstanceOf(SQLException.class);
            server.restart();
            assertThat(answer(server, url)).isEqualTo(42);
            server.stop();
            server.restart();
            assertThat(answer(server, url)).isEqualTo(42);
        }
    }

    @Test
    void aReadOnlyServerRefusesWritesUntilItIsWritable() throws SQLException {
        try (PostgresServer server = PostgresServer.start()) {
            server.makeReadOnly();
            assertThatThrownBy(() -> execute(server, server.url(), "CREATE TABLE t (i int)"))
                    .hasMessageContaining("read-only");
            server.makeWritable();
            execute(server, server.url(), "CREATE TABLE t (i int)");
        }
    }

    @Test
    void anOpenConnectionIsReadOnlyAsSoonAsTheServerIsSaidToBe() throws SQLException {
        try (PostgresServer server = PostgresServer.start();
                Connection open = DriverManager.getConnection(server.url(), server.user(), server.password());
                Statement s = open.createStatement()) {
            s.execute("CREATE TABLE t (i int)");
            for (int i = 0; i < 50; i++) {
                server.makeReadOnly();
                assertThatThrownBy(() -> s.execute("INSERT INTO t VALUES (1)")).hasMessageContaining("read-only");
                server.makeWritable();
                s.execute("INSERT INTO t VALUES (1)");
            }
        }
    }

    private static int answer(PostgresServer server, String url) throws SQLException {
        try (Connection c = DriverManager.getConnection(url, server.user(), server.password());
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("SELECT answer FROM t")) {
            assertThat(r.next()).isTrue();
            return r.getInt(1);
        }
    }

    private static void execute(PostgresServer server, String url, String sql) throws SQLException {
        try (Connection c = DriverManager.getConnection(url, server.user(), server.password());
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }
}
