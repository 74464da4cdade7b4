package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.StoreFixture;
import dev.rung.testing.MariaDbServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database is killed, gone, read-only, or has no free connection. */
class MySqlFaultsIT implements StoreFixture {
    private static final int TOO_MANY_CONNECTIONS = 1040;

    private static MariaDbServer server;
    private static MySqlScene scene;

    @BeforeAll
    static void open() {
        server = MariaDbServer.start();
        scene = new MySqlScene(server);
    }

    @BeforeEach
    void empty() {
        scene.empty();
    }

    @AfterAll
    static void close() {
        scene.close();
        server.close();
    }

    @Override
    public NotificationStore store() {
        return scene.stores.notifications();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }

    /** A server that finds the database as it is now, without connections from before. */
    private static void reopen() {
        scene.stores.close();
        scene.stores = scene.open();
    }

    @Test
    void whatWasAnsweredSurvivesAKillAndWhatWasNotIsWholeOrAbsent() throws InterruptedException {
        ConcurrentLinkedQueue<NotificationId> answered = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<List<NotificationId>> unanswered = new ConcurrentLinkedQueue<>();
        Semaphore batches = new Semaphore(0);
        List<Thread> writers = IntStream.range(0, 3)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> {
                    while (unanswered.isEmpty()) {
                        List<NewNotification> batch = IntStream.range(0, 40)
                                .mapToObj(_ -> sample().build())
                                .toList();
                        List<NotificationId> ids =
                                batch.stream().map(NewNotification::id).toList();
                        try {
                            store().accept(batch).forEach(a -> answered.add(((Acceptance.Stored) a).id()));
                            batches.release();
                        } catch (StoreException e) {
                            unanswered.add(ids);
                        }
                    }
                }))
                .toList();
        batches.acquire(20);

        server.kill9();
        for (Thread writer : writers) {
            writer.join();
        }
        server.restart();
        reopen();

        assertThat(store().findDeliveries(List.copyOf(answered))).doesNotContainNull();
        assertThat(unanswered).allSatisfy(batch -> {
            List<Delivery> found = store().findDeliveries(batch);
            assertThat(found)
                    .satisfiesAnyOf(
                            f -> assertThat(f).containsOnlyNulls(),
                            f -> assertThat(f).doesNotContainNull());
        });
    }

    @Test
    void aSettlementCutOffByAKillAndRepeatedIsWrittenOnce() throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            List<NewNotification> accepted =
                    IntStream.range(0, 300).mapToObj(_ -> sample().build()).toList();
            store().accept(accepted);
            List<Settlement> settlements = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Wake wake = new Wake(accepted.get(i).id(), 1, Sample.T0);
                settlements.add(i % 2 == 0 ? success(wake, 1) : failure(wake, 1, Sample.T0 + 3_020));
            }
            Semaphore begun = new Semaphore(0);
            Thread settler = Thread.ofVirtual().start(() -> {
                for (int from = 0; from < 300; from += 5) {
                    begun.release();
                    settleUntilAnswered(settlements.subList(from, from + 5));
                }
            });
            begun.acquire(10 + 15 * round);

            server.kill9();
            server.restart();
            settler.join();
            reopen();

            for (int i = 0; i < 300; i++) {
                Delivery delivery = look(accepted.get(i).id());
                assertThat(delivery.wake()).isEqualTo(2);
                assertThat(delivery.attemptsMade()).isEqualTo(1);
                assertThat(delivery.state())
                        .isEqualTo(i % 2 == 0 ? NotificationState.DELIVERED : NotificationState.WAITING);
                assertThat(catalog().attempts(delivery.id()))
                        .singleElement()
                        .satisfies(a -> assertThat(a.superseded()).isFalse());
            }
            NotificationCatalog.Counts counts = catalog().counts();
            assertThat(counts.byState())
                    .containsEntry(NotificationState.DELIVERED, 150L * (round + 1))
                    .containsEntry(NotificationState.WAITING, 150L * (round + 1));
        }
    }

    private void settleUntilAnswered(List<Settlement> batch) {
        while (true) {
            try {
                assertThat(store().settle(batch)).hasOnlyElementsOfType(Settled.Applied.class);
                return;
            } catch (StoreException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aReadOnlyDatabaseRefusesAndKeepsNothingUntilItIsWritableAgain() {
        NotificationId before = accept(sample());
        Settlement success = success(wake(before), 1);
        NewNotification refused = sample().build();
        server.makeReadOnly();
        try {
            assertThatThrownBy(() -> store().accept(List.of(refused)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("read-only")
                    .matches(e -> !((StoreException) e).isIdTaken());
            assertThatThrownBy(() -> store().settle(List.of(success))).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> scene.stores.meta().put("a", "b")).isInstanceOf(StoreException.class);
            assertThat(look(before).wake()).isEqualTo(1);
        } finally {
            server.makeWritable();
        }
        Awaitility.await().ignoreExceptions().until(() -> store().accept(List.of(refused)) != null);
        assertThat(settle(success)).isInstanceOf(Settled.Applied.class);
    }

    @Test
    void aDatabaseThatIsAwayIsToldWithinSecondsAndFoundAgain() {
        NotificationId before = accept(sample());
        server.kill9();
        long begun = System.nanoTime();
        assertThatThrownBy(() -> store().findDeliveries(List.of(before))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> catalog().find(before)).isInstanceOf(StoreException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        server.restart();
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(look(before).wake()).isEqualTo(1));
    }

    @Test
    void whenConnectionsAreUsedUpItIsToldAndServedAgainWhenOneIsFree() throws SQLException {
        NotificationId before = accept(sample());
        List<Connection> all = new ArrayList<>();
        server.administer("SET GLOBAL max_connections = 20");
        try {
            scene.cutConnections();
            while (all.size() < 50) {
                all.add(scene.connect());
            }
        } catch (SQLException e) {
            assertThat(e.getErrorCode()).isEqualTo(TOO_MANY_CONNECTIONS);
        }
        assertThat(all).hasSizeLessThan(50);

        assertThatThrownBy(() -> store().findDeliveries(List.of(before)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be reached");

        for (Connection connection : all) {
            connection.close();
        }
        server.administer("SET GLOBAL max_connections = 151");
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(look(before).wake()).isEqualTo(1));
    }

    @Test
    void aServerThatStopsInATransactionHoldsItsRowsOnlyUntilItsConnectionEnds() throws SQLException {
        NotificationId id = accept(sample());
        Connection stopped = scene.connect();
        stopped.setAutoCommit(false);
        LockedDeliveries.lock(stopped, List.of(id));
        Thread settling = Thread.ofVirtual().start(() -> settle(success(wake(id), 1)));

        assertThat(accept(sample())).isNotNull();
        assertThat(settling.isAlive()).isTrue();

        stopped.close();
        Awaitility.await().until(() -> look(id).state() == NotificationState.DELIVERED);
    }

    @Test
    void anAnswerWithNulAndHalfACharacterIsSettledAllTheSame() {
        NotificationId id = accept(sample());
        Attempt.Answer answer = new Attempt.Answer(200, "x-odd: a\0b\uD800", new byte[] {0, 1});
        Attempt attempt = new Attempt(
                Sample.nextId(Sample.T0),
                1,
                Sample.T0,
                Sample.T0,
                1,
                Outcome.DECLINED,
                answer,
                "\0",
                false,
                false,
                null);

        settle(new Settlement(wake(id), attempt, new NextStep.Exhausted(), WakeLocation.QUEUED, null, Sample.T0));

        assertThat(catalog().attempts(id)).singleElement().satisfies(kept -> {
            assertThat(kept.answer().headers()).isEqualTo("x-odd: a\0b?");
            assertThat(kept.error()).isEqualTo("\0");
        });
    }
}
