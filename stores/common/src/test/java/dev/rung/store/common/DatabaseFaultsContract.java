package dev.rung.store.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
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
import dev.rung.store.spi.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The database is killed, gone, or read-only. */
public interface DatabaseFaultsContract extends StoreFixture {
    /** Of a database on a server of its own; empty at a test's beginning. */
    Stores stores();

    /** Opens the stores again: they find the database as it is now, without connections from before. */
    void reopen();

    /** Kills the database server at once, as a power failure would. Its data is kept. */
    void kill9();

    /** Starts it again after {@link #kill9}, on the same port; returns when it answers. */
    void restart();

    /** Makes every further transaction read-only, on open connections too. */
    void makeReadOnly();

    /** Undoes {@link #makeReadOnly}. */
    void makeWritable();

    /** What is kept of the character NUL in a text. */
    char keptOfNul();

    @Override
    default NotificationStore store() {
        return stores().notifications();
    }

    @Override
    default NotificationCatalog catalog() {
        return stores().catalog();
    }

    @Test
    default void whatWasAnsweredSurvivesAKillAndWhatWasNotIsWholeOrAbsent() throws InterruptedException {
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

        kill9();
        for (Thread writer : writers) {
            writer.join();
        }
        restart();
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
    default void aSettlementCutOffByAKillAndRepeatedIsWrittenOnce() throws InterruptedException {
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

            kill9();
            restart();
            settler.join();
            reopen();

            for (int i = 0; i < 300; i++) {
                Delivery delivery = look(accepted.get(i).id());
                assertThat(delivery.wakeNumber()).isEqualTo(2);
                assertThat(delivery.attemptsMade()).isEqualTo(1);
                assertThat(delivery.state()).isEqualTo(i % 2 == 0 ? DeliveryState.DELIVERED : DeliveryState.WAITING);
                assertThat(catalog().attempts(delivery.id()))
                        .singleElement()
                        .satisfies(a -> assertThat(a.superseded()).isFalse());
            }
            NotificationCatalog.Counts counts = catalog().counts();
            assertThat(counts.byState())
                    .containsEntry(DeliveryState.DELIVERED, 150L * (round + 1))
                    .containsEntry(DeliveryState.WAITING, 150L * (round + 1));
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
    default void aReadOnlyDatabaseRefusesAndKeepsNothingUntilItIsWritableAgain() {
        NotificationId before = accept(sample());
        Settlement success = success(wake(before), 1);
        NewNotification refused = sample().build();
        makeReadOnly();
        try {
            assertThatThrownBy(() -> store().accept(List.of(refused)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("read-only")
                    .matches(e -> !((StoreException) e).isIdTaken());
            assertThatThrownBy(() -> store().settle(List.of(success))).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> stores().meta().put("a", "b")).isInstanceOf(StoreException.class);
            assertThat(look(before).wakeNumber()).isEqualTo(1);
        } finally {
            makeWritable();
        }
        Awaitility.await().ignoreExceptions().until(() -> store().accept(List.of(refused)) != null);
        assertThat(settle(success)).isInstanceOf(Settled.Applied.class);
    }

    @Test
    default void aDatabaseThatIsAwayIsToldWithinSecondsAndFoundAgain() {
        NotificationId before = accept(sample());
        kill9();
        long begun = System.nanoTime();
        assertThatThrownBy(() -> store().findDeliveries(List.of(before))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> catalog().find(before)).isInstanceOf(StoreException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        restart();
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(look(before).wakeNumber()).isEqualTo(1));
    }

    @Test
    default void anAnswerWithNulAndHalfACharacterIsSettledAllTheSame() {
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
            assertThat(kept.answer().headers()).isEqualTo("x-odd: a" + keptOfNul() + "b?");
            assertThat(kept.error()).isEqualTo("" + keptOfNul());
        });
    }
}
