package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.cli.Cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "sqlite,",
        "postgresql,jdbc:postgresql://db/rung",
        "mysql,jdbc:mysql://db/rung",
        "mysql,jdbc:mariadb://db/rung"
    })
    void everyScriptOfTheDatabaseIsPrinted(String kind, String url) throws IOException {
        Cli cli = new Cli(folder);

        Run run = url == null ? cli.run("schema") : cli.run("schema", "--database-url", url);

        assertThat(run.code()).isZero();
        try (Stream<Path> scripts = Files.list(Path.of("../stores/" + kind + "/src/main/resources/db/" + kind))) {
            for (Path script : scripts.toList()) {
                assertThat(run.out()).contains(Files.readString(script).strip());
            }
        }
    }

    @Test
    void theVSchemaOfVitessIsPrintedWithoutDisturbingAServer() {
        assertThat(new Cli(folder)
                        .run("schema", "--database-url", "jdbc:mysql://vtgate/rung")
                        .out()
                        .lines())
                .contains("-- ALTER VSCHEMA ON notification ADD VINDEX merchant(merchant_id) USING reverse_bits;");
    }

    @Test
    void theEnvironmentNamesTheDatabase() {
        Cli cli = new Cli(folder);
        cli.environment.put("RUNG_DATABASE_URL", "jdbc:postgresql://db/rung");
        assertThat(cli.run("schema").out()).contains("bigint");
    }

    @Test
    void anUnknownDatabaseIsWrongUsage() {
        assertThat(new Cli(folder)
                        .run("schema", "--database-url", "jdbc:oracle:thin:@db")
                        .code())
                .isEqualTo(2);
    }
}
