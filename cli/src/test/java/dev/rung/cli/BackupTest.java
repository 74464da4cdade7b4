package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.cli.Cli.Run;
import dev.rung.settings.DataDir;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of a store that is open, restored elsewhere. */
class BackupTest {
    @TempDir
    Path folder;

    private Cli cli;
    private DataDir dir;

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(folder);
        dir = new DataDir(folder.resolve("rung-data"));
        dir.create();
        DataDir.writeForOwner(dir.apiKey(), "the-key\n".getBytes(StandardCharsets.US_ASCII));
        DataDir.writeForOwner(dir.masterKey(), "the-master-key\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static Stores open(DataDir dir) {
        return StoreProvider.forUrl(null).orElseThrow().open(new StoreProvider.Config(dir.path(), null, null, null));
    }

    @Test
    void whatTheWriteAheadLogHoldsIsInTheBackup() throws IOException {
        DataDir restored = new DataDir(folder.resolve("restored"));
        try (Stores stores = open(dir)) {
            stores.meta().put("backup-test", "kept");
            assertThat(Files.size(folder.resolve("rung-data/rung.db-wal"))).isPositive();

            Run run = cli.run("backup", "--to", "b.zip");

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).contains("rung.db, api-key, master-key");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("b.zip"))))
                .isEqualTo("rw-------");

        Run run = cli.run("restore", "--from", "b.zip", "--data-dir", "restored");

        assertThat(run.code()).as(run.err()).isZero();
        for (String name : new String[] {"rung.db", "api-key", "master-key"}) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(restored.path().resolve(name))))
                    .isEqualTo("rw-------");
        }
        assertThat(restored.masterKey()).hasContent("the-master-key");
        try (Stores stores = open(restored)) {
            assertThat(stores.meta().get("backup-test")).contains("kept");
        }
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        open(dir).close();
        assertThat(cli.run("backup", "--to", "b.zip").code()).isZero();

        Run again = cli.run("backup", "--to", "b.zip");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("exists");

        Run over = cli.run("restore", "--from", "b.zip");
        assertThat(over.code()).isEqualTo(1);
        assertThat(over.err()).contains("is not empty");
    }

    @Test
    void aBackupThatIsCutOffIsNotRestored() throws IOException {
        open(dir).close();
        cli.run("backup", "--to", "b.zip");
        byte[] whole = Files.readAllBytes(folder.resolve("b.zip"));
        Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, whole.length / 2));

        Run run = cli.run("restore", "--from", "cut.zip", "--data-dir", "restored");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("nothing was restored");
        assertThat(folder.resolve("restored")).isEmptyDirectory();
    }

    @Test
    void anArchiveOfSomethingElseIsRefused() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("evil.zip")))) {
            zip.putNextEntry(new ZipEntry("../evil"));
        }
        assertThat(cli.run("restore", "--from", "evil.zip", "--data-dir", "restored")
                        .err())
                .contains("not a backup");
        assertThat(folder.resolve("evil")).doesNotExist();
        assertThat(cli.run("restore", "--from", "nowhere.zip", "--data-dir", "other")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void withoutADatabaseThereIsNothingToCopy() {
        Run run = cli.run("backup", "--to", "b.zip");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("there is no database");
        assertThat(cli.run("backup").code()).isEqualTo(2);
        assertThat(folder.resolve("b.zip")).doesNotExist();
    }
}
