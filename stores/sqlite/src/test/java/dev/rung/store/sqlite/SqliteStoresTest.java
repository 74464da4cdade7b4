package dev.rung.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.model.Ids;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoresTest {
    @TempDir
    Path directory;

    private SqliteStores open() {
        return SqliteStores.open(directory, InstantSource.system());
    }

    @Test
    void theDirectoryIsCreated() {
        Path deep = directory.resolve("a/b");
        SqliteStores.open(deep, InstantSource.system()).close();
        assertThat(deep).isDirectory();
    }

    @Test
    void aDirectoryIsForOneAtATime() {
        try (SqliteStores first = open()) {
            assertThat(first.notifications().lastId()).isZero();
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use by another server (process "
                            + ProcessHandle.current().pid() + ")");
        }
        open().close();
    }

    @Test
    void aDirectoryInUseByAnotherProcessIsRefusedAndFreeOnceThatIsKilled() throws Exception {
        Process writing = SqliteWriteScene.start(directory, "");
        try (BufferedReader lines = writing.inputReader()) {
            assertThat(lines.lines().anyMatch(line -> line.startsWith("accepted")))
                    .isTrue();
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("--data-dir");
        } finally {
            writing.destroyForcibly().waitFor();
        }
        open().close();
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        assertThatThrownBy(() -> SqliteStores.open(file, InstantSource.system()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void whatIsNoDatabaseIsRefusedAndLeftAsItIs() throws Exception {
        Path file = directory.resolve("rung.db");
        byte[] content = "this is not a database. ".repeat(100).getBytes(StandardCharsets.UTF_8);
        Files.write(file, content);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("damaged");
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void aDatabaseOfANewerVersionIsRefused() throws Exception {
        open().close();
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("rung.db"));
                Statement s = c.createStatement()) {
            s.execute("""
                    INSERT INTO flyway_schema_history
                    SELECT 99, '99', 'from the future', type, 'V99__from_the_future.sql', checksum, installed_by, installed_on, 1, 1
                      FROM flyway_schema_history WHERE version = '1'""");
        }
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining(directory.toString());
    }

    @Test
    void idsGoOnAfterTheLastThoughTheClockWentBack() {
        long last;
        try (SqliteStores stores = open()) {
            Ids ids = new Ids(
                    InstantSource.system(),
                    new Random(1),
                    stores.notifications().lastId());
            last = SqliteWriteScene.accept(stores.notifications(), ids)
                    .getLast()
                    .id()
                    .value();
        }
        InstantSource anHourAgo = InstantSource.fixed(Instant.now().minusSeconds(3600));
        try (SqliteStores stores = SqliteStores.open(directory, anHourAgo)) {
            assertThat(stores.notifications().lastId()).isEqualTo(last);
            assertThat(stores.notifications().now()).isEqualTo(anHourAgo.millis());
            Ids ids = new Ids(anHourAgo, new Random(2), stores.notifications().lastId());
            assertThat(SqliteWriteScene.accept(stores.notifications(), ids)
                            .getFirst()
                            .id()
                            .value())
                    .isGreaterThan(last);
        }
    }

    @Test
    void factsOutliveTheProcess() {
        try (SqliteStores stores = open()) {
            MetaStore meta = stores.meta();
            assertThat(meta.get("key")).isEmpty();
            assertThat(meta.putIfAbsent("key", "first")).isTrue();
            assertThat(meta.putIfAbsent("key", "second")).isFalse();
            assertThat(meta.get("key")).contains("first");
            meta.put("key", "third");
            meta.put("other", "fourth");
            assertThat(meta.replace("other", "third", "fifth")).isFalse();
            assertThat(meta.replace("other", "fourth", "fifth")).isTrue();
        }
        try (SqliteStores stores = open()) {
            assertThat(stores.meta().get("key")).contains("third");
            assertThat(stores.meta().get("other")).contains("fifth");
        }
    }

    @Test
    void onlyItsOwnerCanReadTheDatabase() throws IOException {
        open().close();
        Path database = directory.resolve(SqliteStores.FILE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));
        try (SqliteStores stores = open()) {
            stores.meta().put("key", "value");
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files.filter(file -> file.toString().contains(SqliteStores.FILE)))
                        .hasSizeGreaterThan(1)
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .isEqualTo("rw-------"));
            }
        }
    }
}
