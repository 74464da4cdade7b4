package dev.rung.store.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.core.TestTimeouts;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Signing;
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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two servers on one database, at the same rows at the same time. */
public interface RacesContract extends StoreFixture {
    /** Of the one server; empty at a test's beginning. */
    Stores stores();

    /** Of the other server. */
    Stores other();

    /** A connection to the database, beside theirs. */
    Connection connect() throws SQLException;

    @Override
    default NotificationStore store() {
        return stores().notifications();
    }

    @Override
    default NotificationCatalog catalog() {
        return stores().catalog();
    }

    private List<NotificationId> acceptMany(int count) {
        List<NewNotification> batch =
                IntStream.range(0, count).mapToObj(_ -> sample().build()).toList();
        store().accept(batch);
        return batch.stream().map(NewNotification::id).toList();
    }

    private List<Wake> wakes(List<NotificationId> ids) {
        return store().findDeliveries(ids).stream()
                .map(o -> new Wake(o.id(), o.wakeNumber(), o.nextAttemptAt()))
                .toList();
    }

    @Test
    default void ofTwoSettlementsOfOneWakeOneIsAppliedAndOneSuperseded() {
        List<NotificationId> ids = acceptMany(100);
        List<Wake> wakes = wakes(ids);
        List<Settlement> mine =
                wakes.stream().map(w -> failure(w, 1, Sample.T0 + 3_020)).toList();
        List<Settlement> theirs = new ArrayList<>(
                wakes.stream().map(w -> failure(w, 1, Sample.T0 + 3_050)).toList());
        Collections.reverse(theirs);

        List<List<Settled>> answers = ConcurrentTasks.run(
                () -> store().settle(mine),
                () -> other().notifications().settle(theirs).reversed());

        for (int i = 0; i < ids.size(); i++) {
            Settled first = answers.get(0).get(i);
            Settled second = answers.get(1).get(i);
            assertThat(first instanceof Settled.Applied)
                    .as("%s and %s", first, second)
                    .isNotEqualTo(second instanceof Settled.Applied);
            assertThat(look(ids.get(i)).wakeNumber()).isEqualTo(2);
            assertThat(catalog().attempts(ids.get(i)))
                    .extracting(Attempt::superseded)
                    .containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    default void theSameSettlementWrittenByTwoIsWrittenOnceAndAnsweredAlike() {
        List<NotificationId> ids = acceptMany(100);
        List<Settlement> batch =
                wakes(ids).stream().map(w -> failure(w, 1, Sample.T0 + 3_020)).toList();

        List<List<Settled>> answers = ConcurrentTasks.run(
                () -> store().settle(batch), () -> other().notifications().settle(batch));

        assertThat(answers.get(0)).isEqualTo(answers.get(1)).hasOnlyElementsOfType(Settled.Applied.class);
        assertThat(ids).allSatisfy(id -> assertThat(catalog().attempts(id)).hasSize(1));
    }

    @Test
    default void aSuccessWinsOverAFailureHoweverTheyRace() {
        List<NotificationId> ids = acceptMany(100);
        List<Wake> wakes = wakes(ids);

        ConcurrentTasks.run(
                () -> store().settle(wakes.stream().map(w -> success(w, 1)).toList()),
                () -> other().notifications()
                        .settle(wakes.stream().map(w -> lastFailure(w, 1)).toList()));

        assertThat(store().findDeliveries(ids)).extracting(Delivery::state).containsOnly(DeliveryState.DELIVERED);
    }

    @Test
    default void overlappingBatchesOfEveryKindNeitherDeadlockNorMiscount() throws SQLException {
        List<NotificationId> ids = new ArrayList<>(acceptMany(150));
        IntStream.range(0, 50)
                .mapToObj(i -> accept(sample().ordered("T" + i / 5)))
                .forEach(ids::add);
        List<Callable<Integer>> storms = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            NotificationStore store = seed % 2 == 0 ? store() : other().notifications();
            storms.add(() -> {
                for (int round = 0; round < 25; round++) {
                    anything(store, random, ids);
                }
                return 0;
            });
        }

        ConcurrentTasks.run(storms);

        assertThat(tallied()).isEqualTo(scanned());
    }

    private void anything(NotificationStore store, Random random, List<NotificationId> all) {
        List<NotificationId> some = new ArrayList<>(all);
        Collections.shuffle(some, random);
        some = some.subList(0, 80);
        List<Wake> wakes = store.findDeliveries(some).stream()
                .flatMap(Stream::ofNullable)
                .filter(o -> o.nextAttemptAt() != null)
                .map(o -> new Wake(o.id(), o.wakeNumber(), o.nextAttemptAt()))
                .toList();
        switch (random.nextInt(10)) {
            case 0 -> park(wakes, WakeLocation.HELD_BY_BULKHEAD);
            case 1 -> park(wakes, WakeLocation.HELD_BY_ORDER);
            case 2 -> store.unparkHeld(bulkhead(1), 50);
            case 3 -> store.unparkReleased(null, null, 50);
            case 4 -> store.rearm(wakes, true);
            case 5 -> store.resend(some, null, false, Sample.T0);
            case 6 -> some.subList(0, 3).forEach(id -> store.cancel(id, Sample.T0));
            case 7 -> store.purge(Long.MAX_VALUE, 3);
            default ->
                store.settle(wakes.stream().map(w -> anySettlement(random, w)).toList());
        }
    }

    private Settlement anySettlement(Random random, Wake wake) {
        return switch (random.nextInt(3)) {
            case 0 -> success(wake, 1);
            case 1 -> lastFailure(wake, 1);
            default -> failure(wake, 1, Sample.T0 + 3_020);
        };
    }

    private Map<DeliveryState, Long> tallied() {
        Map<DeliveryState, Long> counts = new EnumMap<>(catalog().counts().byState());
        long waiting = catalog().counts().waitingByRung().values().stream()
                .mapToLong(n -> n)
                .sum();
        assertThat(waiting).isEqualTo(counts.getOrDefault(DeliveryState.WAITING, 0L));
        return counts;
    }

    private Map<DeliveryState, Long> scanned() throws SQLException {
        Map<DeliveryState, Long> counts = new EnumMap<>(DeliveryState.class);
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT state, count(*) FROM delivery GROUP BY state")) {
            while (rows.next()) {
                counts.put(DeliveryState.values()[rows.getInt(1)], rows.getLong(2));
            }
        }
        return counts;
    }

    @Test
    default void theSameKeysInOppositeOrderAreEachStoredOnceWithoutADeadlock() {
        for (int round = 0; round < 8; round++) {
            String prefix = "r" + round + "-";
            List<NewNotification> mine = keyed(prefix);
            List<NewNotification> theirs = keyed(prefix).reversed();

            List<List<Acceptance>> answers = ConcurrentTasks.run(
                    () -> store().accept(mine),
                    () -> other().notifications().accept(theirs).reversed());

            for (int i = 0; i < mine.size(); i++) {
                List<Acceptance> both =
                        List.of(answers.get(0).get(i), answers.get(1).get(i));
                Acceptance.Stored stored = both.stream()
                        .filter(Acceptance.Stored.class::isInstance)
                        .map(Acceptance.Stored.class::cast)
                        .findFirst()
                        .orElseThrow();
                assertThat(both).containsExactlyInAnyOrder(stored, new Acceptance.Repeated(stored.id()));
            }
        }
    }

    private List<NewNotification> keyed(String prefix) {
        return IntStream.range(0, 500)
                .mapToObj(i -> sample().key(prefix + i, "body").build())
                .toList();
    }

    @Test
    default void oneOfManyPullsTakesEach() {
        List<NotificationId> ids = acceptMany(200);
        park(wakes(ids), WakeLocation.HELD_BY_BULKHEAD);
        List<Callable<List<Delivery>>> unparks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            NotificationStore store = i % 2 == 0 ? store() : other().notifications();
            unparks.add(() -> store.unparkHeld(bulkhead(1), 25));
        }
        List<NotificationId> unparked = new ArrayList<>();
        while (unparked.size() < ids.size()) {
            List<NotificationId> more = ConcurrentTasks.run(unparks).stream()
                    .flatMap(List::stream)
                    .map(Delivery::id)
                    .toList();
            assertThat(more).isNotEmpty();
            unparked.addAll(more);
        }
        assertThat(unparked).containsExactlyInAnyOrderElementsOf(ids);
    }

    /** Settling the first unparks what is parked by then; the second must not be parked after that. */
    @Test
    default void noneIsLeftParkedBehindAPredecessorThatWasSettledMeanwhile() {
        Map<WakeLocation, Integer> places = new HashMap<>();
        for (int round = 0; round < 60; round++) {
            String order = "T" + round;
            NotificationId first = accept(sample().ordered(order));
            NotificationId second = accept(sample().ordered(order));
            Settlement end = success(wake(first), 1);
            Wake held = wake(second);

            ConcurrentTasks.run(
                    () -> {
                        store().settle(List.of(end));
                        return store().unparkReleased(ReceiverId.own(merchant(1)), order, 10)
                                .size();
                    },
                    () -> other().notifications()
                            .park(
                                    List.of(new NotificationStore.Park(held, HoldReason.ORDER, Sample.T0)),
                                    WakeLocation.HELD_BY_ORDER)
                            .size());

            places.merge(look(second).wakeLocation(), 1, Integer::sum);
        }
        assertThat(places).containsOnlyKeys(WakeLocation.QUEUED);
    }

    @Test
    default void aTakenIdIsToldAndNothingOfItsBatchIsStored() {
        NotificationId taken = accept(sample());
        NewNotification innocent = sample().build();

        StoreException refusal = catchThrowableOfType(
                StoreException.class, () -> store().accept(List.of(innocent, sample().build(taken))));

        assertThat(refusal.isIdTaken()).isTrue();
        assertThat(store().findDeliveries(List.of(innocent.id()))).containsOnlyNulls();
        assertThat(look(taken).wakeNumber()).isEqualTo(1);
    }

    @Test
    default void everyChangeOfAMerchantIsLearnedThoughManyAreMadeAtOnce() {
        List<MerchantId> ids = IntStream.range(0, 8).mapToObj(MerchantId::new).toList();
        ids.forEach(id -> stores().merchants().insert(merchantOf(id)));
        List<Callable<List<Long>>> tasks = new ArrayList<>();
        for (MerchantId id : ids) {
            tasks.add(() -> IntStream.range(0, 20)
                    .mapToObj(_ ->
                            other().merchants().update(id, m -> m).orElseThrow().version())
                    .toList());
        }
        List<Long> learned = new ArrayList<>();
        tasks.add(() -> {
            long seen = 8;
            long giveUp = System.nanoTime() + TestTimeouts.AT_MOST.toNanos();
            while (seen < 8 + 8 * 20 && System.nanoTime() < giveUp) {
                for (var merchant : stores().merchants().changedSince(seen, 100)) {
                    learned.add(merchant.version());
                    seen = merchant.version();
                }
            }
            return List.of();
        });

        List<List<Long>> versions = ConcurrentTasks.run(tasks);

        assertThat(learned).isSorted();
        assertThat(learned)
                .containsAll(versions.stream()
                        .filter(v -> !v.isEmpty())
                        .map(List::getLast)
                        .toList());
    }

    private static Merchant merchantOf(MerchantId id) {
        return new Merchant(
                id,
                "Tea House",
                Receiver.of(
                        "https://shop.example/pay/notify", Receiver.Keys.of(Signing.HMAC, new byte[] {1, 2, 3}, null)),
                1,
                0);
    }
}
