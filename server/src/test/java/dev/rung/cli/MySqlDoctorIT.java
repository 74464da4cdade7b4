package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.store.mysql.MySqlStores;
import dev.rung.testing.MariaDbServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MySqlDoctorIT {
    private static final MariaDbServer MARIADB = MariaDbServer.shared();

    @TempDir
    Path folder;

    private Cli cli;
    private String url;

    @BeforeEach
    void start() {
        cli = new Cli(folder);
        url = MARIADB.createDatabase();
        cli.environment.put("RUNG_PORT", "0");
        cli.environment.put("RUNG_DATA_DIR", folder.resolve("d").toString());
        cli.environment.put("RUNG_API_KEY", "operator-key-of-the-doctor-tests-32");
        cli.environment.put("RUNG_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        cli.environment.put("RUNG_DATABASE_URL", url.replace("jdbc:mariadb:", "jdbc:mysql:"));
        cli.environment.put("RUNG_DATABASE_USER", MARIADB.user());
        MARIADB.administer("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    }

    @AfterEach
    void settle() {
        MARIADB.makeWritable();
        MARIADB.administer("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    }

    private String doctor(int code) {
        Cli.Run run = cli.run("doctor");
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
        return run.out();
    }

    @Test
    void anEmptyDatabaseIsWellAndOneInUseIsUpToDate() {
        assertThat(doctor(0))
                .contains(
                        "ok     database    MariaDB ", "none yet; the first start creates the tables", "ok     clock");

        MySqlStores.open(url, MARIADB.user(), "").close();

        assertThat(doctor(0)).contains(", up to date");
    }

    @Test
    void aWrongPasswordIsFound() {
        cli.environment.put("RUNG_DATABASE_PASSWORD", "a-wrong-password");

        assertThat(doctor(1))
                .contains("WRONG  database", "see RUNG_DATABASE_USER and RUNG_DATABASE_PASSWORD")
                .doesNotContain("a-wrong-password");
    }

    @Test
    void commitsThatAreNotOnDiskAndAReadOnlyServerAreFound() {
        MySqlStores.open(url, MARIADB.user(), "").close();
        cli.environment.put("RUNG_DATABASE_URL", url.replaceFirst("[?].*", ""));
        MARIADB.administer("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
        MARIADB.makeReadOnly();

        assertThat(doctor(1)).contains("innodb_flush_log_at_trx_commit is 2", "it is read-only");
    }
}
