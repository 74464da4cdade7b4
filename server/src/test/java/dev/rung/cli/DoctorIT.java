package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.store.postgresql.PostgresStores;
import dev.rung.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorIT {
    private static final PostgresServer POSTGRES = PostgresServer.shared();

    @TempDir
    Path folder;

    private Cli cli;
    private String url;

    @BeforeEach
    void start() {
        cli = new Cli(folder);
        url = POSTGRES.createDatabase();
        cli.environment.put("RUNG_PORT", "0");
        cli.environment.put("RUNG_DATA_DIR", folder.resolve("d").toString());
        cli.environment.put("RUNG_API_KEY", "operator-key-of-the-doctor-tests-32");
        cli.environment.put("RUNG_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        cli.environment.put("RUNG_DATABASE_URL", url);
        cli.environment.put("RUNG_DATABASE_USER", POSTGRES.user());
        cli.environment.put("RUNG_DATABASE_PASSWORD", POSTGRES.password());
    }

    private String doctor(int code) {
        Cli.Run run = cli.run("doctor");
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
        assertThat(run.out()).doesNotContain(POSTGRES.password());
        return run.out();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, POSTGRES.user(), POSTGRES.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void anEmptyDatabaseIsWellAndStaysEmpty() {
        assertThat(doctor(0))
                .contains(
                        "ok     database    PostgreSQL ",
                        "none yet; the first start creates the tables",
                        "ok     clock");
        assertThat(doctor(0)).contains("none yet; the first start creates the tables");
    }

    @Test
    void aDatabaseInUseIsUpToDate() {
        PostgresStores.open(url, POSTGRES.user(), POSTGRES.password()).close();

        assertThat(doctor(0)).contains(", up to date");
    }

    @Test
    void aDatabaseOfANewerRungIsPointedAt() throws SQLException {
        PostgresStores.open(url, POSTGRES.user(), POSTGRES.password()).close();
        execute(
                "INSERT INTO flyway_schema_history SELECT installed_rank + 1000, '999', description, type, 'V999__x.sql',"
                        + " checksum, installed_by, installed_on, execution_time, success FROM flyway_schema_history"
                        + " WHERE version = '1'");

        assertThat(doctor(0)).contains("note   migrations  999");
    }

    @Test
    void aWrongPasswordIsFound() {
        cli.environment.put("RUNG_DATABASE_PASSWORD", "wrong");

        assertThat(doctor(1)).contains("WRONG  database", "see RUNG_DATABASE_USER and RUNG_DATABASE_PASSWORD");
    }

    @Test
    void aReadOnlyDatabaseIsFound() {
        cli.environment.put("RUNG_DATABASE_URL", url + "?options=-c%20default_transaction_read_only=on");

        assertThat(doctor(1)).contains("it is read-only");
    }

    @Test
    void commitsThatAreNotOnDiskAreFound() {
        cli.environment.put("RUNG_DATABASE_URL", url + "?options=-c%20synchronous_commit=off");

        assertThat(doctor(1)).contains("synchronous_commit is off");
    }

    @Test
    void aUserWhoMayNotMakeTablesIsFound() throws SQLException {
        execute("CREATE ROLE reader LOGIN PASSWORD 'reader'");
        cli.environment.put("RUNG_DATABASE_USER", "reader");
        cli.environment.put("RUNG_DATABASE_PASSWORD", "reader");

        assertThat(doctor(1)).contains("may not create tables", "GRANT CREATE, USAGE ON SCHEMA public TO reader");
    }
}
