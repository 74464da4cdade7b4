package dev.rung.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(900)
class SqliteFaultsTest {
    @TempDir
    Path directory;

    @Test
    void afterAKillEverythingThatWasAnsweredIsThere() throws Exception {
        List<String> answered = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            Process writing = SqliteWriteScene.start(directory, "");
            try (BufferedReader lines = writing.inputReader()) {
                readUntil(lines, answered, answered.size() + 4_000);
                // Through its handle: that leaves what it still said to be read.
                writing.toHandle().destroyForcibly();
                readUntil(lines, answered, Integer.MAX_VALUE);
            }
            writing.waitFor();
        }
        assertThat(answered).hasSizeGreaterThan(12_000);
        assertKept(answered);
    }

    @Test
    void onAFullDiskNothingIsPretendedAndWhatWasAnsweredStays() throws Exception {
        List<String> said = new ArrayList<>();
        Process writing = SqliteWriteScene.start(directory, "ulimit -f 16384 &&");
        try (BufferedReader lines = writing.inputReader()) {
            readUntil(lines, said, Integer.MAX_VALUE);
        } finally {
            writing.destroyForcibly();
        }
        assertThat(writing.waitFor()).isZero();
        String last = said.removeLast();
        assertThat(last).startsWith("refused").contains(directory.toString());
        assertThat(said).hasSizeGreaterThan(100);
        long accepted = assertKept(said);
        try (SqliteStores stores = open()) {
            assertThat(stores.catalog().counts().byState().values().stream()
                            .mapToLong(n -> n)
                            .sum())
                    .isEqualTo(accepted);
        }
    }

    private static void readUntil(BufferedReader lines, List<String> read, int count) throws IOException {
        while (read.size() < count) {
            String line = lines.readLine();
            if (line == null) {
                return;
            }
            if (line.matches("(accepted|settled|refused) .*")) {
                read.add(line);
            }
        }
    }

    private long assertKept(List<String> answered) {
        long accepted = 0;
        try (SqliteStores stores = open()) {
            NotificationCatalog catalog = stores.catalog();
            for (String line : answered) {
                NotificationId id = new NotificationId(Long.parseLong(line.substring(line.indexOf(' ') + 1)));
                assertThat(id.value())
                        .isLessThanOrEqualTo(stores.notifications().lastId());
                NotificationDetail found = catalog.find(id).orElseThrow();
                if (line.startsWith("settled")) {
                    assertThat(found.state()).isEqualTo(DeliveryState.DELIVERED);
                    assertThat(catalog.attempts(id))
                            .singleElement()
                            .extracting(Attempt::superseded)
                            .isEqualTo(false);
                } else {
                    accepted++;
                }
            }
        }
        return accepted;
    }

    @Test
    void aFullDatabaseRefusesAndIsWrittenAgainWhenThereIsRoom() {
        try (SqliteStores stores = open()) {
            NotificationStore store = stores.notifications();
            Ids ids = new Ids(InstantSource.system(), new Random(1), 0);
            List<Wake> before = SqliteWriteScene.accept(store, ids);
            stores.database()
                    .<@Nullable Long>write(tx -> tx.session.first("PRAGMA max_page_count = 1", r -> r.getLong(1)));

            assertThatThrownBy(() -> SqliteWriteScene.accept(store, ids))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("no space is left");
            assertThat(stores.catalog().counts().byState())
                    .containsExactlyEntriesOf(Map.of(DeliveryState.WAITING, (long) before.size()));
            assertThat(store.lastId()).isEqualTo(before.getLast().id().value());

            // The connection that failed is not used again, and with it went its bound.
            assertThat(SqliteWriteScene.accept(store, ids)).hasSameSizeAs(before);
            assertThat(store.queued(null, Long.MAX_VALUE, 1_000)).hasSize(2 * before.size());
        }
    }

    @Test
    void aReadOnlyFileIsCalledThat() throws Exception {
        open().close();
        String url = "jdbc:sqlite:file:" + directory.resolve("rung.db") + "?mode=ro";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> statement.execute("DELETE FROM meta"))
                    .satisfies(e -> assertThat(SqliteErrors.of(directory, e))
                            .hasMessageContaining(directory.toString())
                            .hasMessageContaining("cannot be written"));
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        SqliteStores stores = open();
        stores.close();
        stores.close();
        Ids ids = new Ids(InstantSource.system(), new Random(1), 0);
        assertThatThrownBy(() -> SqliteWriteScene.accept(stores.notifications(), ids))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> stores.notifications().queued(null, 0, 1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    private SqliteStores open() {
        return SqliteStores.open(directory, InstantSource.system());
    }
}
