package dev.rung.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import org.junit.jupiter.api.Test;

class MariaDbServerIT {
    @Test
    void databasesAreCreatedEmptyAndApart() throws Exception {
        MariaDbServer server = MariaDbServer.shared();
        for (int i = 0; i < 2; i++) {
            try (Connection connection = DriverManager.getConnection(server.createDatabase(), server.user(), "")) {
                connection.createStatement().execute("CREATE TABLE t (n INT) ENGINE = InnoDB");
                try (ResultSet rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM t")) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).isZero();
                }
            }
        }
    }
}
