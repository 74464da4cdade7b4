package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Hold;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Cancellation;
import dev.rung.core.port.NotificationStore.Settled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the end of an attempt does to a record: conditional on the wake's number, harmless when written twice. */
public interface SettleContract extends StoreFixture {

    @Test
    default void aFailureClimbsToTheNextRung() {
        NotificationId id = accept(sample());
        Settlement failure = failure(wake(id), 1, Sample.T0 + 3_020);

        assertThat(settle(failure)).isEqualTo(new Settled.Applied(new Wake(id, 2, Sample.T0 + 3_020), false));

        Delivery delivery = look(id);
        assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING);
        assertThat(delivery.wakeLocation()).isEqualTo(WakeLocation.QUEUED);
        assertThat(delivery.wakeNumber()).isEqualTo(2);
        assertThat(delivery.nextAttemptAt()).isEqualTo(Sample.T0 + 3_020);
        assertThat(delivery.rung()).isEqualTo(1);
        assertThat(delivery.attemptsMade()).isEqualTo(1);
        assertThat(detail(id).settledAt()).isNull();
    }

    @Test
    default void aFailureWhoseNextIsFarAwayHasNoWakeToSchedule() {
        NotificationId id = accept(sample());
        Settlement failure = settlement(
                wake(id), 1, Outcome.UNREACHABLE, new NextStep.Retry(Sample.T0 + 86_400_000), WakeLocation.DEFERRED);

        assertThat(settle(failure)).isEqualTo(new Settled.Applied(null, false));

        assertThat(look(id).wakeLocation()).isEqualTo(WakeLocation.DEFERRED);
        assertThat(look(id).nextAttemptAt()).isEqualTo(Sample.T0 + 86_400_000);
        assertThat(look(id).wakeNumber()).isEqualTo(2);
    }

    @Test
    default void aSuccessEndsIt() {
        NotificationId id = accept(sample());
        Settlement success = success(wake(id), 1);

        assertThat(settle(success)).isEqualTo(new Settled.Applied(null, false));

        Delivery delivery = look(id);
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(delivery.nextAttemptAt()).isNull();
        assertThat(delivery.wakeNumber()).isEqualTo(2);
        assertThat(delivery.rung()).isEqualTo(1);
        assertThat(delivery.attemptsMade()).isEqualTo(1);
        assertThat(detail(id).settledAt()).isEqualTo(success.endedAt());
    }

    @Test
    default void whereItWentIsKeptWhenItEnds() {
        NotificationId id = accept(sample());
        assertThat(look(id).content().ownUrl()).isFalse();
        Settlement s = success(wake(id), 1);

        settle(new Settlement(
                s.wake(), s.attempt(), s.next(), s.wakeLocation(), "https://moved.example/", s.endedAt()));

        assertThat(look(id).content().url()).isEqualTo("https://moved.example/");
        assertThat(detail(id).content()).isEqualTo(look(id).content());
    }

    @Test
    default void howLongAnAttemptWasHeldIsKept() {
        NotificationId id = accept(sample());
        store().park(
                        List.of(new NotificationStore.Park(wake(id), HoldReason.RATE, Sample.T0 + 10)),
                        WakeLocation.HELD_BY_BULKHEAD);
        assertThat(detail(id).hold()).isEqualTo(new Hold(HoldReason.RATE, Sample.T0 + 10));
        store().unparkHeld(bulkhead(1), 10);
        store().park(
                        List.of(new NotificationStore.Park(wake(id), HoldReason.PAUSE, Sample.T0 + 20)),
                        WakeLocation.HELD_BY_BULKHEAD);
        assertThat(look(id).hold()).isEqualTo(new Hold(HoldReason.PAUSE, Sample.T0 + 10));
        assertThat(store().countHeld(bulkhead(1), 10)).isEqualTo(1);
        assertThat(store().countHeld(bulkhead(2), 10)).isZero();

        Settlement s = success(wake(id), 1);
        Attempt.Held held = new Attempt.Held(HoldReason.PAUSE, 30);
        Attempt a = s.attempt();
        Attempt attempt = new Attempt(
                a.id(),
                1,
                a.dueAt(),
                a.startedAt(),
                a.durationMillis(),
                a.outcome(),
                a.answer(),
                null,
                false,
                false,
                held);
        settle(new Settlement(s.wake(), attempt, s.next(), s.wakeLocation(), null, s.endedAt()));

        assertThat(catalog().attempts(id).getFirst().held()).isEqualTo(held);
        assertThat(catalog().whole(id).orElseThrow().attempts().getFirst().held())
                .isEqualTo(held);
        assertThat(detail(id).hold()).isNull();
        assertThat(look(id).hold()).isNull();
    }

    @Test
    default void theLastFailureExhaustsIt() {
        NotificationId id = accept(sample());
        Settlement last = lastFailure(wake(id), 1);

        assertThat(settle(last)).isEqualTo(new Settled.Applied(null, false));

        assertThat(look(id).state()).isEqualTo(DeliveryState.EXHAUSTED);
        assertThat(look(id).nextAttemptAt()).isNull();
        assertThat(detail(id).settledAt()).isEqualTo(last.endedAt());
    }

    @Test
    default void everythingAboutAnAttemptIsKept() {
        NotificationId id = accept(sample());
        byte[] body = {'n', 'o', 0, (byte) 0xff};
        Attempt attempt = new Attempt(
                Sample.nextId(Sample.T0 + 4),
                1,
                Sample.T0,
                Sample.T0 + 4,
                5_003,
                Outcome.DECLINED,
                new Attempt.Answer(429, "retry-after: 30\nx-a: b", body),
                "status 429 does not acknowledge",
                true,
                false,
                null);
        settle(new Settlement(
                wake(id),
                attempt,
                new NextStep.Retry(Sample.T0 + 35_007),
                WakeLocation.QUEUED,
                null,
                Sample.T0 + 5_007));

        Attempt kept = catalog().attempts(id).getFirst();
        assertThat(kept).usingRecursiveComparison().isEqualTo(attempt);
    }

    @Test
    default void anAttemptWithoutAnAnswerIsKept() {
        NotificationId id = accept(sample());
        Settlement settlement =
                settlement(wake(id), 1, Outcome.TIMED_OUT, new NextStep.Retry(Sample.T0 + 8_000), WakeLocation.QUEUED);
        settle(settlement);
        assertThat(catalog().attempts(id).getFirst()).usingRecursiveComparison().isEqualTo(settlement.attempt());
    }

    @Test
    default void theAttemptsMadeAreAtLeastTheAttemptsNumber() {
        NotificationId id = accept(sample());
        settle(failure(wake(id), 3, Sample.T0 + 3_020));
        assertThat(look(id).attemptsMade()).isEqualTo(3);
        assertThat(look(id).rung()).isEqualTo(1);
        settle(failure(wake(id), 2, Sample.T0 + 9_000));
        assertThat(look(id).attemptsMade()).isEqualTo(4);
    }

    @Test
    default void aRecordedAttemptClearsMayRepeat() {
        NotificationId id = accept(sample());
        store().rearm(List.of(wake(id)), true);
        assertThat(look(id).mayRepeat()).isTrue();
        settle(failure(wake(id), 1, Sample.T0 + 3_020));
        assertThat(look(id).mayRepeat()).isFalse();
    }

    @Test
    default void aStaleFailureIsKeptAsSupersededAndMovesNothing() {
        NotificationId id = accept(sample());
        Wake stale = wake(id);
        store().rearm(List.of(stale), true);
        Delivery before = look(id);

        assertThat(settle(failure(stale, 1, Sample.T0 + 3_020))).isEqualTo(new Settled.Superseded());

        assertThat(look(id)).usingRecursiveComparison().isEqualTo(before);
        assertThat(catalog().attempts(id)).singleElement().satisfies(a -> {
            assertThat(a.superseded()).isTrue();
            assertThat(a.outcome()).isEqualTo(Outcome.DECLINED);
        });
    }

    @Test
    default void aStaleLastFailureDoesNotExhaust() {
        NotificationId id = accept(sample());
        Wake stale = wake(id);
        store().rearm(List.of(stale), true);

        assertThat(settle(lastFailure(stale, 1))).isEqualTo(new Settled.Superseded());

        assertThat(look(id).state()).isEqualTo(DeliveryState.WAITING);
        assertThat(look(id).nextAttemptAt()).isEqualTo(Sample.T0);
    }

    @Test
    default void aStaleSuccessDeliversAWaitingOne() {
        NotificationId id = accept(sample());
        Wake stale = wake(id);
        settle(failure(stale, 1, Sample.T0 + 3_020));
        Settlement success = success(stale, 1);

        assertThat(settle(success)).isEqualTo(new Settled.Applied(null, false));

        Delivery delivery = look(id);
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(delivery.nextAttemptAt()).isNull();
        assertThat(delivery.wakeNumber()).isEqualTo(3);
        assertThat(detail(id).settledAt()).isEqualTo(success.endedAt());
        assertThat(catalog().attempts(id)).extracting(Attempt::superseded).containsExactly(false, false);
    }

    @Test
    default void aStaleSuccessDeliversAParkedOneAndNothingOfItIsHeldAnyMore() {
        NotificationId id = accept(sample());
        Wake stale = wake(id);
        park(List.of(stale), WakeLocation.HELD_BY_BULKHEAD);

        settle(success(stale, 1));

        assertThat(look(id).state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(store().bulkheadsHolding(null, 10)).isEmpty();
        assertThat(store().unparkHeld(bulkhead(1), 10)).isEmpty();
    }

    @Test
    default void aStaleSuccessDeliversAnExhaustedOne() {
        NotificationId id = accept(sample());
        Wake stale = wake(id);
        settle(lastFailure(stale, 1));

        assertThat(settle(success(stale, 1))).isEqualTo(new Settled.Applied(null, false));

        assertThat(look(id).state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    default void aStaleSuccessDeliversACancelledOne() {
        NotificationId id = accept(sample());
        Wake stale = wake(id);
        store().cancel(id, Sample.T0 + 5);
        Settlement success = success(stale, 1);

        assertThat(settle(success)).isEqualTo(new Settled.Applied(null, false));

        assertThat(look(id).state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(detail(id).settledAt()).isEqualTo(success.endedAt());
    }

    @Test
    default void aStaleSuccessCountsAmongTheAttemptsMade() {
        NotificationId id = accept(sample());
        Wake stale = wake(id);
        store().cancel(id, Sample.T0 + 5);

        settle(success(stale, 1));

        assertThat(detail(id).attemptsMade()).isEqualTo(1);
    }

    @Test
    default void aDeliveredOneNeverRegresses() {
        NotificationId id = accept(sample());
        Wake wake = wake(id);
        settle(success(wake, 1));
        Delivery delivered = look(id);

        assertThat(settle(failure(wake, 1, Sample.T0 + 3_020))).isEqualTo(new Settled.Superseded());
        assertThat(settle(lastFailure(wake, 1))).isEqualTo(new Settled.Superseded());
        assertThat(settle(success(wake, 1))).isEqualTo(new Settled.Superseded());
        assertThat(store().cancel(id, Sample.T0 + 60)).isEqualTo(Cancellation.ALREADY_SETTLED);

        assertThat(look(id)).usingRecursiveComparison().isEqualTo(delivered);
        assertThat(catalog().attempts(id)).extracting(Attempt::superseded).containsExactly(false, true, true, true);
    }

    @Test
    default void aStaleSuccessLeavesTheResendOfADeliveredOneOwed() {
        NotificationId id = accept(sample());
        Wake first = wake(id);
        settle(success(first, 1));
        store().resend(List.of(id), null, false, Sample.T0 + 100);

        assertThat(settle(success(first, 1))).isEqualTo(new Settled.Superseded());

        assertThat(look(id).nextAttemptAt()).isEqualTo(Sample.T0 + 100);
    }

    @Test
    default void theResendOfADeliveredOneMayFailAndItStaysDelivered() {
        NotificationId id = delivered(sample());
        store().resend(List.of(id), null, false, Sample.T0 + 100);
        Settlement failure = settlement(wake(id), 2, Outcome.DECLINED, new NextStep.Unchanged(), WakeLocation.QUEUED);

        assertThat(settle(failure)).isEqualTo(new Settled.Applied(null, false));

        Delivery delivery = look(id);
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(delivery.nextAttemptAt()).isNull();
        assertThat(delivery.attemptsMade()).isEqualTo(2);
        assertThat(catalog().attempts(id)).extracting(Attempt::superseded).containsExactly(false, false);
    }

    @Test
    default void theResendOfADeliveredOneMaySucceed() {
        NotificationId id = delivered(sample());
        Long settledAt = detail(id).settledAt();
        store().resend(List.of(id), null, false, Sample.T0 + 100);

        assertThat(settle(success(wake(id), 2))).isEqualTo(new Settled.Applied(null, false));

        assertThat(detail(id).settledAt()).isNotNull().isEqualTo(settledAt);

        assertThat(look(id).state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(look(id).nextAttemptAt()).isNull();
    }

    @Test
    default void aFailureWrittenTwiceIsAnsweredAsBefore() {
        NotificationId id = accept(sample());
        Settlement failure = failure(wake(id), 1, Sample.T0 + 3_020);
        Settled answer = settle(failure);
        Delivery before = look(id);

        assertThat(settle(failure)).isEqualTo(answer);

        assertThat(look(id)).usingRecursiveComparison().isEqualTo(before);
        assertThat(catalog().attempts(id)).hasSize(1);
    }

    @Test
    default void aSuccessWrittenTwiceIsAnsweredAsBefore() {
        NotificationId id = accept(sample());
        Settlement success = success(wake(id), 1);
        Settled answer = settle(success);

        assertThat(settle(success)).isEqualTo(answer);

        assertThat(look(id).wakeNumber()).isEqualTo(2);
        assertThat(catalog().attempts(id)).hasSize(1);
    }

    @Test
    default void aStaleSuccessWrittenTwiceIsAnsweredAsBefore() {
        NotificationId id = accept(sample());
        Wake stale = wake(id);
        store().rearm(List.of(stale), true);
        Settlement success = success(stale, 1);
        Settled answer = settle(success);

        assertThat(settle(success)).isEqualTo(answer);

        assertThat(look(id).wakeNumber()).isEqualTo(3);
        assertThat(catalog().attempts(id))
                .singleElement()
                .satisfies(a -> assertThat(a.superseded()).isFalse());
    }

    @Test
    default void aSupersededOneWrittenTwiceIsAnsweredAsBefore() {
        NotificationId id = accept(sample());
        Wake stale = wake(id);
        store().rearm(List.of(stale), true);
        Settlement failure = failure(stale, 1, Sample.T0 + 3_020);
        settle(failure);

        assertThat(settle(failure)).isEqualTo(new Settled.Superseded());

        assertThat(catalog().attempts(id)).hasSize(1);
    }

    @Test
    default void aSettlementWrittenTwiceMovesNothingThoughTheRecordHasMovedOn() {
        NotificationId id = accept(sample());
        Settlement failure = failure(wake(id), 1, Sample.T0 + 3_020);
        settle(failure);
        settle(failure(wake(id), 2, Sample.T0 + 33_040));
        Delivery before = look(id);

        assertThat(settle(failure)).isInstanceOf(Settled.Applied.class);

        assertThat(look(id)).usingRecursiveComparison().isEqualTo(before);
        assertThat(catalog().attempts(id)).hasSize(2);
    }

    @Test
    default void whatIsNotThereIsGoneAndNothingIsKept() {
        NotificationId absent = new NotificationId(Sample.nextId(Sample.T0));

        assertThat(settle(success(new Wake(absent, 1, Sample.T0), 1))).isEqualTo(new Settled.Gone());

        assertThat(catalog().attempts(absent)).isEmpty();
        assertThat(store().findDeliveries(List.of(absent))).containsOnlyNulls();
    }

    @Test
    default void aBatchIsAnsweredInTheOrderGivenEachOnItsOwn() {
        NotificationId first = accept(sample());
        NotificationId second = accept(sample());
        NotificationId third = accept(sample());
        NotificationId absent = new NotificationId(Sample.nextId(Sample.T0));
        Wake stale = wake(second);
        store().rearm(List.of(stale), true);

        List<Settled> answers = store().settle(List.of(
                success(wake(third), 1),
                failure(stale, 1, Sample.T0 + 3_020),
                success(new Wake(absent, 1, Sample.T0), 1),
                failure(wake(first), 1, Sample.T0 + 3_020)));

        assertThat(answers)
                .containsExactly(
                        new Settled.Applied(null, false),
                        new Settled.Superseded(),
                        new Settled.Gone(),
                        new Settled.Applied(new Wake(first, 2, Sample.T0 + 3_020), false));
        assertThat(store().settle(List.of())).isEmpty();
    }

    @Test
    default void theEndOfAnOrderedOneReleasesTheNext() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = accept(sample().ordered("T1"));

        assertThat(settle(failure(wake(first), 1, Sample.T0 + 3_020)))
                .isEqualTo(new Settled.Applied(wake(first), false));
        assertThat(look(first).holdsOrder()).isTrue();
        assertThat(look(second).heldByOrder()).isTrue();

        assertThat(settle(lastFailure(wake(first), 2))).isEqualTo(new Settled.Applied(null, true));
        assertThat(look(first).holdsOrder()).isFalse();
        assertThat(look(second).heldByOrder()).isFalse();
        assertThat(detail(first).ordered()).isTrue();
    }

    @Test
    default void aStaleSuccessReleasesTheNextToo() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = accept(sample().ordered("T1"));
        Wake stale = wake(first);
        store().rearm(List.of(stale), true);

        assertThat(settle(success(stale, 1))).isEqualTo(new Settled.Applied(null, true));

        assertThat(look(first).mayRepeat()).isFalse();
        assertThat(look(first).holdsOrder()).isFalse();
        assertThat(look(second).heldByOrder()).isFalse();
    }

    @Test
    default void theEndOfAResentOneReleasesNothing() {
        NotificationId first = delivered(sample().ordered("T1"));
        store().resend(List.of(first), null, false, Sample.T0 + 100);
        assertThat(settle(success(wake(first), 2))).isEqualTo(new Settled.Applied(null, false));
    }
}
