package dev.rung.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(900)
class SqliteWritingTest {
    private static final long LOG_BYTES_MAX = 8L << 20;

    @TempDir
    Path directory;

    private final Ids ids = new Ids(InstantSource.system(), new Random(1), 0);

    @Test
    void callersThatShareACommitDoNotFailForEachOther() throws Exception {
        try (SqliteStores stores = SqliteStores.open(directory, InstantSource.system());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            NotificationStore store = stores.notifications();
            NotificationId taken =
                    SqliteWriteScene.accept(store, ids).getFirst().id();
            List<Future<NotificationId>> good = new ArrayList<>();
            List<Future<Boolean>> bad = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                NewNotification n = Sample.of(new MerchantId(2_001)).build(new NotificationId(ids.next()));
                good.add(threads.submit(() -> {
                    store.accept(List.of(n));
                    return n.id();
                }));
                if (i % 10 == 0) {
                    bad.add(threads.submit(() -> isRefusedAsTaken(store, taken)));
                }
            }
            for (Future<NotificationId> f : good) {
                assertThat(store.findDeliveries(List.of(f.get())).getFirst()).isNotNull();
            }
            for (Future<Boolean> f : bad) {
                assertThat(f.get()).isTrue();
            }
        }
    }

    private static boolean isRefusedAsTaken(NotificationStore store, NotificationId taken) {
        try {
            store.accept(List.of(Sample.of(new MerchantId(2_001)).build(taken)));
            return false;
        } catch (StoreException e) {
            return e.isIdTaken();
        }
    }

    @Test
    void aLadderWhoseFirstUseWasUndoneIsNotKnownByAnothersNumber() {
        try (SqliteStores stores = SqliteStores.open(directory, InstantSource.system())) {
            List<NewNotification> undone = List.of(named("mine", Ladder.of("1s")), named("mine", Ladder.of("1s")));
            assertThatThrownBy(() -> stores.database().write(tx -> {
                        NotificationInserts.accept(tx, undone);
                        throw new SQLException("the disk is full");
                    }))
                    .isInstanceOf(StoreException.class);
            NewNotification theirs = named("theirs", Ladder.of("2s"));
            NewNotification mine = named("mine", Ladder.of("1s"));

            stores.notifications().accept(List.of(theirs));
            stores.notifications().accept(List.of(mine));

            assertThat(stores.notifications().findDeliveries(List.of(theirs.id(), mine.id())))
                    .extracting(Delivery::ladder)
                    .containsExactly(Ladder.of("2s"), Ladder.of("1s"));
        }
    }

    private NewNotification named(String ladderName, Ladder ladder) {
        return Sample.of(new MerchantId(2_001)).ladder(ladderName, ladder).build(new NotificationId(ids.next()));
    }

    @Test
    void theLogStaysBoundedWhileReadsOverlapWithoutAGap() throws Exception {
        try (SqliteStores stores = SqliteStores.open(directory, InstantSource.system(), LOG_BYTES_MAX);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            NotificationStore store = stores.notifications();
            for (int i = 0; i < 40; i++) {
                SqliteWriteScene.accept(store, ids);
            }
            AtomicBoolean enough = new AtomicBoolean();
            for (int reader = 0; reader < 4; reader++) {
                threads.execute(() -> {
                    while (!enough.get()) {
                        stores.database()
                                .<@Nullable Long>browse(s -> s.first(
                                        "SELECT sum(length(hex(payload))) FROM notification", r -> r.getLong(1)));
                    }
                });
            }
            long greatest = 0;
            for (int i = 0; i < 400; i++) {
                List<Wake> accepted = SqliteWriteScene.accept(store, ids);
                store.settle(accepted.stream()
                        .map(w -> SqliteWriteScene.delivered(w, ids.next()))
                        .toList());
                greatest = Math.max(greatest, Files.size(directory.resolve("rung.db-wal")));
            }
            enough.set(true);
            assertThat(greatest).isGreaterThan(1L << 20).isLessThan(2 * LOG_BYTES_MAX);
        }
    }

    @Test
    void anotherProgramThatReadsDelaysNoWrite() throws Exception {
        try (SqliteStores stores = SqliteStores.open(directory, InstantSource.system(), 1L << 20)) {
            NotificationStore store = stores.notifications();
            SqliteWriteScene.accept(store, ids);
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("rung.db"));
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.executeQuery("SELECT count(*) FROM notification").next();
                long start = System.nanoTime();
                while (Files.size(directory.resolve("rung.db-wal")) < 3L << 20) {
                    SqliteWriteScene.accept(store, ids);
                }
                // Waiting for the other's end would have taken five seconds for each of these commits.
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(100));
                other.rollback();
            }
            await().until(() -> {
                SqliteWriteScene.accept(store, ids);
                return Files.size(directory.resolve("rung.db-wal")) < 2L << 20;
            });
        }
    }
}
