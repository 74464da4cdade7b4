package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Cancellation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is queued and how wakes are renewed: by the sweeper, by nearness, by a person. */
public interface ScheduleContract extends StoreFixture {

    @Test
    default void aResendGoesToTheGivenUrlAndTheNextOneWhereItWasAddressed() {
        NotificationId id = accept(sample());
        Delivery.Content addressed = look(id).content();

        store().resend(List.of(id), "https://other.example/", false, Sample.T0 + 100);

        assertThat(look(id).content().url()).isEqualTo("https://other.example/");
        assertThat(look(id).content().ownUrl()).isTrue();
        assertThat(detail(id).content()).isEqualTo(look(id).content());

        store().resend(List.of(id), null, false, Sample.T0 + 200);

        assertThat(look(id).content()).isEqualTo(addressed);
        assertThat(detail(id).content()).isEqualTo(addressed);
    }

    @Test
    default void whatIsQueuedIsListedInDueOrderPageByPage() {
        NotificationId b = accept(sample().dueAt(Sample.T0 + 20));
        NotificationId a = accept(sample().dueAt(Sample.T0 + 10));
        NotificationId c = accept(sample().dueAt(Sample.T0 + 20));
        NotificationId d = accept(sample().dueAt(Sample.T0 + 30));
        accept(sample().dueAt(Sample.T0 + 31));

        List<Wake> first = store().queued(null, Sample.T0 + 30, 3);
        assertThat(first)
                .containsExactly(
                        new Wake(a, 1, Sample.T0 + 10), new Wake(b, 1, Sample.T0 + 20), new Wake(c, 1, Sample.T0 + 20));
        assertThat(store().queued(first.getLast(), Sample.T0 + 30, 3)).containsExactly(new Wake(d, 1, Sample.T0 + 30));
        assertThat(store().queued(first.get(1), Sample.T0 + 20, 3)).containsExactly(new Wake(c, 1, Sample.T0 + 20));
        assertThat(store().queued(new Wake(d, 1, Sample.T0 + 30), Sample.T0 + 30, 3))
                .isEmpty();
        assertThat(store().queued(null, Sample.T0 + 9, 3)).isEmpty();
    }

    @Test
    default void onlyThePositionOfTheLastWakeMatters() {
        NotificationId a = accept(sample().dueAt(Sample.T0 + 10));
        NotificationId b = accept(sample().dueAt(Sample.T0 + 20));
        assertThat(store().queued(new Wake(a, 99, Sample.T0 + 10), Long.MAX_VALUE, 10))
                .containsExactly(new Wake(b, 1, Sample.T0 + 20));
        NotificationId vanished = new NotificationId(a.value() + 1);
        assertThat(store().queued(new Wake(vanished, 1, Sample.T0 + 15), Long.MAX_VALUE, 10))
                .containsExactly(new Wake(b, 1, Sample.T0 + 20));
    }

    @Test
    default void aLongListIsWalkedWithoutGapOrRepetition() {
        List<NotificationId> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            expected.add(accept(sample().dueAt(Sample.T0 + i / 7)));
        }
        List<NotificationId> walked = new ArrayList<>();
        List<Wake> page = store().queued(null, Long.MAX_VALUE, 13);
        while (!page.isEmpty()) {
            page.forEach(w -> walked.add(w.id()));
            page = store().queued(page.getLast(), Long.MAX_VALUE, 13);
        }
        assertThat(walked).isEqualTo(expected);
    }

    @Test
    default void whatIsParkedFarSettledOrCancelledIsNotQueued() {
        parked(sample(), WakeLocation.HELD_BY_BULKHEAD);
        accept(sample().farAt(Sample.T0 + 86_400_000));
        delivered(sample());
        exhausted(sample());
        cancelled(sample());
        assertThat(store().queued(null, Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    default void theResendOfADeliveredOneIsQueued() {
        NotificationId id = delivered(sample());
        store().resend(List.of(id), null, false, Sample.T0 + 100);
        assertThat(store().queued(null, Long.MAX_VALUE, 10)).containsExactly(new Wake(id, 3, Sample.T0 + 100));
    }

    @Test
    default void aLostWakeIsReplacedByOneWithARaisedNumber() {
        NotificationId id = accept(sample());

        assertThat(store().rearm(List.of(wake(id)), true)).containsExactly(new Wake(id, 2, Sample.T0));

        Delivery delivery = look(id);
        assertThat(delivery.wakeNumber()).isEqualTo(2);
        assertThat(delivery.mayRepeat()).isTrue();
        assertThat(delivery.nextAttemptAt()).isEqualTo(Sample.T0);
        assertThat(delivery.rung()).isZero();
    }

    @Test
    default void aRearmedWakeCarriesTheRecordsDueTime() {
        NotificationId id = accept(sample());
        assertThat(store().rearm(List.of(new Wake(id, 1, Sample.T0 - 500)), true))
                .containsExactly(new Wake(id, 2, Sample.T0));
    }

    @Test
    default void whatHasMovedIsNotRearmed() {
        NotificationId moved = accept(sample());
        NotificationId parked = accept(sample());
        NotificationId settled = accept(sample());
        NotificationId far = accept(sample().farAt(Sample.T0 + 86_400_000));
        NotificationId lost = accept(sample());
        NotificationId absent = new NotificationId(Sample.nextId(Sample.T0));
        Wake stale = wake(moved);
        Wake ended = wake(settled);
        store().rearm(List.of(stale), true);
        park(List.of(wake(parked)), WakeLocation.HELD_BY_BULKHEAD);
        settle(success(ended, 1));

        List<Wake> rearmed = store().rearm(
                        List.of(stale, wake(parked), ended, wake(far), new Wake(absent, 1, Sample.T0), wake(lost)),
                        true);

        assertThat(rearmed).containsExactly(new Wake(lost, 2, Sample.T0));
        assertThat(look(moved).wakeNumber()).isEqualTo(2);
        assertThat(look(parked).wakeNumber()).isEqualTo(2);
        assertThat(look(parked).mayRepeat()).isFalse();
        assertThat(look(far).wakeNumber()).isEqualTo(1);
        assertThat(store().rearm(List.of(), true)).isEmpty();
    }

    @Test
    default void whatIsFarIsBroughtNearEarliestFirst() {
        NotificationId c = accept(sample().farAt(Sample.T0 + 3_000));
        NotificationId a = accept(sample().farAt(Sample.T0 + 1_000));
        NotificationId b = accept(sample().farAt(Sample.T0 + 2_000));
        NotificationId beyond = accept(sample().farAt(Sample.T0 + 3_001));

        assertThat(store().promoteDeferred(Sample.T0 + 3_000, 2))
                .containsExactly(new Wake(a, 2, Sample.T0 + 1_000), new Wake(b, 2, Sample.T0 + 2_000));
        assertThat(store().promoteDeferred(Sample.T0 + 3_000, 2)).containsExactly(new Wake(c, 2, Sample.T0 + 3_000));
        assertThat(store().promoteDeferred(Sample.T0 + 3_000, 2)).isEmpty();

        assertThat(look(a).wakeLocation()).isEqualTo(WakeLocation.QUEUED);
        assertThat(look(a).mayRepeat()).isFalse();
        assertThat(look(a).nextAttemptAt()).isEqualTo(Sample.T0 + 1_000);
        assertThat(look(beyond).wakeLocation()).isEqualTo(WakeLocation.DEFERRED);
        assertThat(look(beyond).wakeNumber()).isEqualTo(1);
    }

    @Test
    default void aCancelledFarOneIsNotBroughtNear() {
        NotificationId id = accept(sample().farAt(Sample.T0 + 1_000));
        store().cancel(id, Sample.T0 + 5);
        assertThat(store().promoteDeferred(Sample.T0 + 3_000, 10)).isEmpty();
    }

    @Test
    default void aResentDeliveredOneGetsOneAttemptMoreAndStaysDelivered() {
        NotificationId id = delivered(sample());
        Long settledAt = detail(id).settledAt();

        assertThat(store().resend(List.of(id), null, false, Sample.T0 + 100))
                .containsExactly(new Wake(id, 3, Sample.T0 + 100));

        Delivery delivery = look(id);
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(delivery.nextAttemptAt()).isEqualTo(Sample.T0 + 100);
        assertThat(delivery.wakeLocation()).isEqualTo(WakeLocation.QUEUED);
        assertThat(detail(id).attemptsMax()).isEqualTo(2);
        assertThat(detail(id).settledAt()).isEqualTo(settledAt);
    }

    @Test
    default void aResentExhaustedOneBeginsItsLadderAnew() {
        NotificationId id = accept(sample());
        settle(failure(wake(id), 1, Sample.T0 + 3_020));
        settle(failure(wake(id), 2, Sample.T0 + 33_040));
        settle(lastFailure(wake(id), 3));
        assertThat(detail(id).attemptsMax()).isEqualTo(3);

        assertThat(store().resend(List.of(id), null, false, Sample.T0 + 99_000))
                .containsExactly(new Wake(id, 5, Sample.T0 + 99_000));

        Delivery delivery = look(id);
        assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING);
        assertThat(delivery.rung()).isZero();
        assertThat(delivery.attemptsMade()).isEqualTo(3);
        assertThat(delivery.nextAttemptAt()).isEqualTo(Sample.T0 + 99_000);
        assertThat(detail(id).attemptsMax()).isEqualTo(6);
        assertThat(detail(id).settledAt()).isNull();
    }

    @Test
    default void aResentCancelledOneBeginsItsLadder() {
        NotificationId id = cancelled(sample());

        assertThat(store().resend(List.of(id), null, false, Sample.T0 + 100))
                .containsExactly(new Wake(id, 3, Sample.T0 + 100));

        assertThat(look(id).state()).isEqualTo(DeliveryState.WAITING);
        assertThat(detail(id).attemptsMax()).isEqualTo(3);
        assertThat(detail(id).settledAt()).isNull();
    }

    @Test
    default void aResentWaitingOneIsAttemptedAtOnceWhereverItWas() {
        NotificationId climbing = accept(sample());
        settle(failure(wake(climbing), 1, Sample.T0 + 3_020));
        NotificationId parked = parked(sample(), WakeLocation.HELD_BY_BULKHEAD);
        NotificationId far = accept(sample().farAt(Sample.T0 + 86_400_000));

        assertThat(store().resend(List.of(far, climbing, parked), null, false, Sample.T0 + 100))
                .containsExactly(
                        new Wake(far, 2, Sample.T0 + 100),
                        new Wake(climbing, 3, Sample.T0 + 100),
                        new Wake(parked, 3, Sample.T0 + 100));

        assertThat(look(climbing).rung()).isZero();
        assertThat(detail(climbing).attemptsMax()).isEqualTo(4);
        assertThat(look(parked).wakeLocation()).isEqualTo(WakeLocation.QUEUED);
        assertThat(look(far).wakeLocation()).isEqualTo(WakeLocation.QUEUED);
    }

    @Test
    default void aResendTakesTheOrderedMarkAway() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = accept(sample().ordered("T1"));

        store().resend(List.of(second), null, false, Sample.T0 + 100);
        assertThat(look(second).holdsOrder()).isFalse();
        assertThat(look(second).heldByOrder()).isFalse();

        store().resend(List.of(first), null, false, Sample.T0 + 100);
        assertThat(look(first).holdsOrder()).isFalse();
    }

    @Test
    default void whatIsNotThereCannotBeResent() {
        NotificationId id = accept(sample());
        NotificationId absent = new NotificationId(Sample.nextId(Sample.T0));
        assertThat(store().resend(List.of(absent, id), null, false, Sample.T0 + 100))
                .containsExactly(null, new Wake(id, 2, Sample.T0 + 100));
        assertThat(store().findDeliveries(List.of(absent))).containsOnlyNulls();
        assertThat(store().resend(List.of(), null, false, Sample.T0)).isEmpty();
    }

    @Test
    default void aCancelledOneOwesNothing() {
        NotificationId id = accept(sample());
        Wake wake = wake(id);

        assertThat(store().cancel(id, Sample.T0 + 5)).isEqualTo(Cancellation.CANCELLED);

        Delivery delivery = look(id);
        assertThat(delivery.state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(delivery.nextAttemptAt()).isNull();
        assertThat(delivery.wakeNumber()).isEqualTo(2);
        assertThat(detail(id).settledAt()).isEqualTo(Sample.T0 + 5);
        settle(failure(wake, 1, Sample.T0 + 3_020));
        assertThat(look(id).state()).isEqualTo(DeliveryState.CANCELLED);
    }

    @Test
    default void aCancelledOneHoldsBackNothing() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = accept(sample().ordered("T1"));
        store().cancel(first, Sample.T0 + 5);
        assertThat(look(first).holdsOrder()).isFalse();
        assertThat(look(second).heldByOrder()).isFalse();
    }

    @Test
    default void onlyAWaitingOneCanBeCancelled() {
        NotificationId delivered = delivered(sample());
        NotificationId exhausted = exhausted(sample());
        NotificationId cancelled = cancelled(sample());
        NotificationId resent = delivered(sample());
        store().resend(List.of(resent), null, false, Sample.T0 + 100);

        for (NotificationId id : List.of(delivered, exhausted, cancelled, resent)) {
            Delivery before = look(id);
            assertThat(store().cancel(id, Sample.T0 + 200)).isEqualTo(Cancellation.ALREADY_SETTLED);
            assertThat(look(id)).usingRecursiveComparison().isEqualTo(before);
        }
        assertThat(detail(cancelled).settledAt()).isEqualTo(Sample.T0 + 50);
        assertThat(store().cancel(new NotificationId(Sample.nextId(Sample.T0)), Sample.T0))
                .isEqualTo(Cancellation.UNKNOWN);
    }

    @Test
    default void aResentExhaustedOneCanBeCancelled() {
        NotificationId id = exhausted(sample());
        store().resend(List.of(id), null, false, Sample.T0 + 100);
        settle(settlement(wake(id), 2, Outcome.DECLINED, new NextStep.Retry(Sample.T0 + 3_100), WakeLocation.QUEUED));
        assertThat(store().cancel(id, Sample.T0 + 200)).isEqualTo(Cancellation.CANCELLED);
    }
}
