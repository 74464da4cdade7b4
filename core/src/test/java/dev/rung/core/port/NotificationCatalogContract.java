package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationCatalog.Counts;
import dev.rung.core.port.NotificationCatalog.Event;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.NotificationCatalog.Rung;
import dev.rung.core.port.NotificationCatalog.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people and programs read of a store. */
public interface NotificationCatalogContract extends StoreFixture {

    @Test
    default void aNotificationIsShownWhole() {
        NewNotification n = sample().ordered("T1001")
                .eventType("payment.failed")
                .ladder("tea", Ladder.of("1s", "2s"))
                .dueAt(Sample.T0 + 7)
                .build();
        store().accept(List.of(n));

        assertThat(catalog().find(n.id()))
                .contains(new NotificationDetail(
                        n.id(),
                        n.receiver(),
                        DeliveryKind.NOTIFICATION,
                        n.content(),
                        n.ladder(),
                        "tea",
                        DeliveryState.WAITING,
                        WakeLocation.QUEUED,
                        0,
                        0,
                        3,
                        Sample.T0 + 7,
                        true,
                        null,
                        0,
                        null));
        assertThat(catalog().find(new NotificationId(n.id().value() + 999))).isEmpty();
    }

    @Test
    default void whatWasLeftOutIsShownAsLeftOut() {
        NotificationId id = accept(sample());
        assertThat(detail(id).content().orderNo()).isNull();
        assertThat(detail(id).ladderName()).isNull();
    }

    @Test
    default void attemptsAreShownInTheOrderTheyWereRecorded() {
        NotificationId id = accept(sample());
        Wake first = wake(id);
        settle(failure(first, 1, Sample.T0 + 3_020));
        Wake second = wake(id);
        store().rearm(List.of(second), true);
        settle(success(wake(id), 2));
        settle(failure(second, 2, Sample.T0 + 9_000));
        accept(sample());

        assertThat(catalog().attempts(id)).extracting(Attempt::number).containsExactly(1, 2, 2);
        assertThat(catalog().attempts(id)).extracting(Attempt::superseded).containsExactly(false, false, true);
    }

    @Test
    default void aNotificationIsShownWithItsAttemptsAsOfOneMoment() {
        List<NotificationId> ids =
                IntStream.range(0, 60).mapToObj(i -> accept(sample())).toList();
        CompletableFuture<Void> settling =
                CompletableFuture.runAsync(() -> ids.forEach(id -> settle(failure(wake(id), 1, Sample.T0 + 3_020))));

        for (NotificationId id : ids) {
            Whole shown;
            do {
                shown = catalog().whole(id).orElseThrow();
                assertThat(shown.attempts()).hasSize(shown.notification().attemptsMade());
            } while (shown.attempts().isEmpty() && !settling.isDone());
        }

        settling.join();
        assertThat(catalog().whole(ids.getLast()).orElseThrow().attempts()).hasSize(1);
    }

    @Test
    default void nothingIsShownWholeByAnUnknownId() {
        assertThat(catalog().whole(sample().build().id())).isEmpty();
    }

    /** Walks a search to its end, checking each page's bounds. */
    private List<NotificationId> walk(Filter filter, int limit) {
        indexed();
        List<NotificationId> found = new ArrayList<>();
        NotificationId before = null;
        do {
            Page page = catalog().search(filter, before, limit);
            assertThat(page.data()).hasSizeLessThanOrEqualTo(limit);
            if (before != null && page.next() != null) {
                assertThat(page.next()).isLessThan(before);
            }
            page.data().forEach(d -> found.add(d.id()));
            before = page.next();
        } while (before != null);
        return found;
    }

    @Test
    default void theNewestAreListedFirstPageByPage() {
        List<NotificationId> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            expected.addFirst(accept(sample().createdAt(Sample.T0 + i / 3)));
        }
        for (int limit : List.of(1, 7, 25, 100)) {
            assertThat(walk(Filter.ANY, limit)).isEqualTo(expected);
        }
        indexed();
        assertThat(catalog().search(Filter.ANY, expected.get(10), 3).data())
                .extracting(NotificationDetail::id)
                .containsExactlyElementsOf(expected.subList(11, 14));
    }

    @Test
    default void anEmptyStoreListsNothing() {
        assertThat(catalog().search(Filter.ANY, null, 10)).isEqualTo(new Page(List.of(), null));
    }

    @Test
    default void aSearchFiltersByEachCriterion() {
        NotificationId plain = accept(sample());
        NotificationId order = accept(sample().orderNo("T1"));
        NotificationId otherMerchant = accept(Sample.of(merchant(2)).orderNo("T1"));
        NotificationId event = accept(sample().eventType("payment.closed"));
        NotificationId delivered = delivered(sample());
        NotificationId later = accept(sample().createdAt(Sample.T0 + 5_000));

        assertThat(walk(new Filter(merchant(2), null, null, null, null, null, null), 2))
                .containsExactly(otherMerchant);
        assertThat(walk(new Filter(null, null, "T1", null, null, null, null), 2))
                .containsExactly(otherMerchant, order);
        assertThat(walk(new Filter(merchant(1), null, "T1", null, null, null, null), 2))
                .containsExactly(order);
        assertThat(walk(new Filter(null, null, null, DeliveryState.DELIVERED, null, null, null), 2))
                .containsExactly(delivered);
        assertThat(walk(new Filter(null, null, null, null, "payment.closed", null, null), 2))
                .containsExactly(event);
        assertThat(walk(new Filter(null, null, null, null, null, Sample.T0 + 1, null), 2))
                .containsExactly(later);
        assertThat(walk(new Filter(null, null, null, null, null, Sample.T0, Sample.T0 + 5_000), 2))
                .containsExactly(delivered, event, otherMerchant, order, plain);
        assertThat(walk(new Filter(null, null, "none", null, null, null, null), 2))
                .isEmpty();
    }

    @Test
    default void aSearchFiltersByAllCriteriaTogether() {
        NotificationId wanted =
                delivered(sample().orderNo("T1").eventType("payment.closed").createdAt(Sample.T0 + 10));
        accept(sample().orderNo("T1").eventType("payment.closed").createdAt(Sample.T0 + 10));
        delivered(sample().orderNo("T1").createdAt(Sample.T0 + 10));
        delivered(sample().orderNo("T1").eventType("payment.closed"));
        delivered(
                Sample.of(merchant(2)).orderNo("T1").eventType("payment.closed").createdAt(Sample.T0 + 10));

        Filter all = new Filter(
                merchant(1), null, "T1", DeliveryState.DELIVERED, "payment.closed", Sample.T0 + 10, Sample.T0 + 11);
        assertThat(walk(all, 10)).containsExactly(wanted);
    }

    @Test
    default void aStateFilterFollowsTheRecord() {
        NotificationId id = accept(sample());
        Filter waiting = new Filter(merchant(1), null, null, DeliveryState.WAITING, null, null, null);
        Filter exhausted = new Filter(merchant(1), null, null, DeliveryState.EXHAUSTED, null, null, null);
        assertThat(walk(waiting, 10)).containsExactly(id);
        settle(lastFailure(wake(id), 1));
        assertThat(walk(waiting, 10)).isEmpty();
        assertThat(walk(exhausted, 10)).containsExactly(id);
        store().resend(List.of(id), null, false, Sample.T0 + 100);
        assertThat(walk(exhausted, 10)).isEmpty();
        assertThat(walk(waiting, 10)).containsExactly(id);
    }

    @Test
    default void aRareOneIsFoundBehindThousandsThoughAPageLooksAtFew() {
        NotificationId rare = accept(sample().eventType("rare"));
        for (int i = 0; i < 12; i++) {
            List<NewNotification> batch = new ArrayList<>();
            for (int j = 0; j < 1_000; j++) {
                batch.add(sample().createdAt(Sample.T0 + 1 + i).build());
            }
            store().accept(batch);
        }
        assertThat(walk(new Filter(null, null, null, null, "rare", null, null), 10))
                .containsExactly(rare);
        assertThat(walk(new Filter(merchant(1), null, null, null, "rare", null, null), 10))
                .containsExactly(rare);
    }

    private List<NotificationId> ids(List<Event> events) {
        return events.stream().map(e -> e.notification().id()).toList();
    }

    @Test
    default void eventsAreListedInTheOrderOfAcceptance() {
        List<NotificationId> expected = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            expected.add(accept(sample().createdAt(Sample.T0 + i)));
            accept(Sample.of(merchant(2)));
        }

        assertThat(ids(catalog().events(merchant(1), null, 100))).isEqualTo(expected);

        List<NotificationId> walked = new ArrayList<>();
        @Nullable String after = null;
        List<Event> page = catalog().events(merchant(1), after, 3);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(3);
            walked.addAll(ids(page));
            after = page.getLast().cursor();
            page = catalog().events(merchant(1), after, 3);
        }
        assertThat(walked).isEqualTo(expected);
    }

    @Test
    default void aCursorGoesOnWithWhatWasAcceptedSince() {
        accept(sample());
        NotificationId second = accept(sample());
        List<Event> page = catalog().events(merchant(1), null, 10);
        String cursor = page.getLast().cursor();
        assertThat(catalog().events(merchant(1), cursor, 10)).isEmpty();

        settle(success(wake(second), 1));
        NotificationId third = accept(sample());

        assertThat(ids(catalog().events(merchant(1), cursor, 10))).containsExactly(third);
        assertThat(ids(catalog().events(merchant(1), page.getFirst().cursor(), 10)))
                .containsExactly(second, third);
    }

    @Test
    default void anEventShowsTheNotificationAsItIsNow() {
        NotificationId id = delivered(sample());
        assertThat(catalog().events(merchant(1), null, 10))
                .singleElement()
                .satisfies(e -> assertThat(e.notification()).isEqualTo(detail(id)));
    }

    @Test
    default void aRepeatedRequestIsNoNewEvent() {
        NotificationId first = accept(sample().key("k1", "body"));
        store().accept(List.of(sample().key("k1", "body").build()));
        assertThat(ids(catalog().events(merchant(1), null, 10))).containsExactly(first);
    }

    private void assertCounts(Map<DeliveryState, Long> byState, Map<Rung, Long> byRung) {
        Counts counts = catalog().counts();
        Map<DeliveryState, Long> states = new HashMap<>(counts.byState());
        states.values().removeIf(n -> n == 0);
        Map<Rung, Long> rungs = new HashMap<>(counts.waitingByRung());
        rungs.values().removeIf(n -> n == 0);
        assertThat(states).isEqualTo(byState);
        assertThat(rungs).isEqualTo(byRung);
    }

    @Test
    default void countsFollowANotificationUpItsLadderAndDownAgain() {
        assertCounts(Map.of(), Map.of());
        NotificationId id = accept(sample().ladder("tea", Ladder.of("1s", "2s")));
        assertCounts(Map.of(DeliveryState.WAITING, 1L), Map.of(new Rung("tea", 0), 1L));
        settle(failure(wake(id), 1, Sample.T0 + 1_000));
        assertCounts(Map.of(DeliveryState.WAITING, 1L), Map.of(new Rung("tea", 1), 1L));
        settle(failure(wake(id), 2, Sample.T0 + 3_000));
        assertCounts(Map.of(DeliveryState.WAITING, 1L), Map.of(new Rung("tea", 2), 1L));
        settle(lastFailure(wake(id), 3));
        assertCounts(Map.of(DeliveryState.EXHAUSTED, 1L), Map.of());
        store().resend(List.of(id), null, false, Sample.T0 + 9_000);
        assertCounts(Map.of(DeliveryState.WAITING, 1L), Map.of(new Rung("tea", 0), 1L));
        settle(success(wake(id), 4));
        assertCounts(Map.of(DeliveryState.DELIVERED, 1L), Map.of());
        store().purge(Sample.T0 + 1_000_000, 10);
        assertCounts(Map.of(), Map.of());
    }

    @Test
    default void countsAreKeptByLaddersName() {
        accept(sample());
        accept(sample());
        accept(sample().ladder("tea", Ladder.of("1s", "2s")));
        NotificationId climbed = accept(sample());
        settle(failure(wake(climbed), 1, Sample.T0 + 3_000));
        assertCounts(
                Map.of(DeliveryState.WAITING, 4L),
                Map.of(new Rung("", 0), 2L, new Rung("", 1), 1L, new Rung("tea", 0), 1L));
    }

    @Test
    default void countsAreRightAfterEveryOtherTransition() {
        accept(sample().key("k1", "body"));
        store().accept(List.of(sample().key("k1", "body").build()));
        cancelled(sample());
        NotificationId resentDelivered = delivered(sample());
        store().resend(List.of(resentDelivered), null, false, Sample.T0 + 100);
        parked(sample(), WakeLocation.HELD_BY_BULKHEAD);
        store().unparkHeld(bulkhead(1), 10);
        parked(sample(), WakeLocation.HELD_BY_BULKHEAD);
        accept(sample().farAt(Sample.T0 + 5_000));
        store().promoteDeferred(Sample.T0 + 5_000, 10);
        assertCounts(
                Map.of(
                        DeliveryState.WAITING, 4L,
                        DeliveryState.CANCELLED, 1L,
                        DeliveryState.DELIVERED, 1L),
                Map.of(new Rung("", 0), 4L));
    }

    @Test
    default void countsFollowStaleAndRepeatedSettlements() {
        NotificationId cancelled = accept(sample());
        Wake staleOfCancelled = wake(cancelled);
        store().cancel(cancelled, Sample.T0 + 5);
        settle(success(staleOfCancelled, 1));
        NotificationId climbed = accept(sample());
        Wake staleOfClimbed = wake(climbed);
        settle(failure(staleOfClimbed, 1, Sample.T0 + 3_000));
        var late = success(staleOfClimbed, 1);
        settle(late);
        settle(late);
        NotificationId superseded = accept(sample());
        Wake stale = wake(superseded);
        store().rearm(List.of(stale), true);
        settle(settlement(stale, 1, Outcome.TIMED_OUT, new NextStep.Exhausted(), WakeLocation.QUEUED));
        NotificationId twice = accept(sample());
        var failure = failure(wake(twice), 1, Sample.T0 + 3_000);
        settle(failure);
        settle(failure);
        assertCounts(
                Map.of(DeliveryState.DELIVERED, 2L, DeliveryState.WAITING, 2L),
                Map.of(new Rung("", 0), 1L, new Rung("", 1), 1L));
    }

    @Test
    default void countsFollowBatches() {
        List<NewNotification> batch = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            batch.add(sample().build());
        }
        store().accept(batch);
        List<Wake> wakes = store().queued(null, Long.MAX_VALUE, 30);
        store().settle(wakes.stream().map(w -> success(w, 1)).toList());
        assertCounts(Map.of(DeliveryState.WAITING, 20L, DeliveryState.DELIVERED, 30L), Map.of(new Rung("", 0), 20L));
        store().purge(Sample.T0 + 1_000_000, 7);
        assertCounts(Map.of(DeliveryState.WAITING, 20L, DeliveryState.DELIVERED, 23L), Map.of(new Rung("", 0), 20L));
    }

    @Test
    default void channelQueriesAreNeitherListedNorCounted() {
        Sample query = sample().channel("simulator").orderNo("T1");
        NotificationId waiting = accept(query);
        NotificationId delivered = delivered(query);
        NotificationId exhausted = exhausted(query);
        NotificationId cancelled = cancelled(query);
        NotificationId climbed = accept(query);
        settle(failure(wake(climbed), 1, Sample.T0 + 3_000));
        NotificationId resent = exhausted(query);
        store().resend(List.of(resent), null, false, Sample.T0 + 9_000);
        NotificationId ordinary = accept(sample().orderNo("T1"));

        assertThat(walk(Filter.ANY, 2)).containsExactly(ordinary);
        assertThat(walk(new Filter(null, null, "T1", null, null, null, null), 2))
                .containsExactly(ordinary);
        for (DeliveryState state : DeliveryState.values()) {
            assertThat(walk(new Filter(null, null, null, state, null, null, null), 2))
                    .isEqualTo(state == DeliveryState.WAITING ? List.of(ordinary) : List.of());
        }
        assertCounts(Map.of(DeliveryState.WAITING, 1L), Map.of(new Rung("", 0), 1L));
        assertThat(catalog().find(waiting)).isPresent();
        assertThat(catalog().attempts(delivered)).hasSize(1);
        assertThat(catalog().events(merchant(1), null, 10))
                .extracting(e -> e.notification().id())
                .containsExactly(ordinary);
        store().cancel(climbed, Sample.T0 + 10_000);
        store().purge(Sample.T0 + 1_000_000, 10);
        assertThat(store().findDeliveries(List.of(delivered, exhausted, cancelled, climbed)))
                .containsOnlyNulls();
        assertCounts(Map.of(DeliveryState.WAITING, 1L), Map.of(new Rung("", 0), 1L));
    }

    @Test
    default void theOldestOwedIsTheEarliestDueThatIsNotParked() {
        assertThat(catalog().oldestOverdue()).isNull();
        parked(sample().dueAt(Sample.T0), WakeLocation.HELD_BY_BULKHEAD);
        assertThat(catalog().oldestOverdue()).isNull();
        accept(sample().dueAt(Sample.T0 + 20));
        NotificationId oldest = accept(sample().dueAt(Sample.T0 + 10));
        delivered(sample().dueAt(Sample.T0));
        assertThat(catalog().oldestOverdue()).isEqualTo(Sample.T0 + 10);
        settle(success(wake(oldest), 1));
        assertThat(catalog().oldestOverdue()).isEqualTo(Sample.T0 + 20);
    }
}
