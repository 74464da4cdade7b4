package dev.rung.spring.outbox;

import dev.rung.testing.MariaDbServer;
import dev.rung.testing.PostgresServer;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** An empty database of each kind; real servers. */
enum TestDatabase {
    POSTGRESQL {
        @Override
        DriverManagerDataSource create() {
            PostgresServer server = PostgresServer.shared();
            return new DriverManagerDataSource(server.createDatabase(), server.user(), server.password());
        }
    },
    MARIADB {
        @Override
        DriverManagerDataSource create() {
            MariaDbServer server = MariaDbServer.shared();
            return new DriverManagerDataSource(server.createDatabase(), server.user(), "");
        }
    },
    H2 {
        @Override
        DriverManagerDataSource create() {
            return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        }
    };

    abstract DriverManagerDataSource create();

    /** The data source of another process. */
    static DataSource of(String url, String user, String password) {
        return new DriverManagerDataSource(url, user, password);
    }
}
