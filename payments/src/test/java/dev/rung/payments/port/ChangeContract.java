package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.T0;
import static dev.rung.payments.port.PaymentSample.callback;
import static dev.rung.payments.port.PaymentSample.change;
import static dev.rung.payments.port.PaymentSample.event;
import static dev.rung.payments.port.PaymentSample.finding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Changes that follow from evidence, written by compare-and-set. */
interface ChangeContract extends PaymentStoreFixture {

    @Test
    default void aChangeIsThereAsItWasGivenUnderTheNextVersion() {
        Payment before = taken(sample());
        Payment placed = before.moved(new Decision.Transition(PaymentState.PAYING, null, null))
                .withAccess(new Payment.Access("https://bank.example/pay?id=1&x=茶", "{\"sign\":\"a\"}", null));
        Payment paying = changed(change(before, placed).build());
        assertThat(paying).isEqualTo(placed.withNextVersion());

        Payment asked = changed(
                change(paying, paying.withCloseRequested(T0.plusSeconds(30))).build());
        assertThat(asked.closeRequestedAt()).isEqualTo(T0.plusSeconds(30));
        assertThat(asked.version()).isEqualTo(3);

        Payment paid = changed(PaymentSample.paid(asked));
        assertThat(paid.state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(paid.channelTradeNo()).isEqualTo("4200000001");
        assertThat(paid.paidAt()).isEqualTo(T0.plusSeconds(60));
        assertThat(paid.access()).isEqualTo(placed.access());
        assertThat(paid.version()).isEqualTo(4);
    }

    @Test
    default void nothingIsWrittenOnceThePaymentHasMoved() {
        Payment before = taken(sample());
        Payment paid = changed(PaymentSample.paid(before));
        Payment closed = before.moved(new Decision.Transition(PaymentState.CLOSED, null, null));
        Change late = change(before, closed)
                .withEvents(event(before, PaymentState.CLOSED))
                .calledBack(callback("simulator", Sample.bytes("late"), before))
                .notifying()
                .withDiscrepancy(finding(DiscrepancyKind.STATE_MISMATCH, before))
                .build();
        assertThat(payments().change(List.of(late))).containsExactly(false);
        assertThat(payment(before.id())).isEqualTo(paid);
        assertThat(payments().timeline(before.id(), 10)).hasSize(2);
        assertThat(payments().callbacks(before.id(), 10)).isEmpty();
        assertThat(payments().openDiscrepancies(10)).isZero();
        assertThat(delivery(Objects.requireNonNull(late.notification()).id())).isNull();
    }

    @Test
    default void theVersionAndNotTheRestOfTheRecordIsCompared() {
        Payment before = taken(sample());
        changed(change(before, before.withProblem("the key is wrong")).build());
        assertThat(payments()
                        .change(List.of(change(before, before)
                                .withEvents(event(before, null))
                                .build())))
                .containsExactly(false);
    }

    @Test
    default void aPaymentThatIsNotThereDoesNotChange() {
        Payment unknown = sample().build().payment();
        assertThat(payments().change(List.of(PaymentSample.paid(unknown)))).containsExactly(false);
        assertThat(payments().find(unknown.id())).isEmpty();
    }

    @Test
    default void aStoryThatGoesOnLeavesTheVersion() {
        Payment before = taken(sample());
        PaymentEvent line = event(before, null);
        assertThat(changed(change(before, before).withEvents(line).build())).isEqualTo(before);
        assertThat(payments().timeline(before.id(), 10).getLast()).isEqualTo(line);
        assertThat(payments().countByState().getOrDefault(PaymentState.CREATED, 0L))
                .isEqualTo(1);
    }

    @Test
    default void theStoryIsToldFromItsBeginning() {
        Payment before = taken(sample());
        List<PaymentEvent> lines = new ArrayList<>(payments().timeline(before.id(), 10));
        for (int i = 0; i < 5; i++) {
            PaymentEvent line = event(before, null);
            changed(change(before, before).withEvents(line).build());
            lines.add(line);
        }
        changed(PaymentSample.paid(taken(sample())));
        assertThat(payments().timeline(before.id(), 10)).isEqualTo(lines);
        assertThat(payments().timeline(before.id(), 3)).isEqualTo(lines.subList(0, 3));
    }

    @Test
    default void theEndCancelsTheQueryAndOwesItsNotification() {
        Payment before = taken(sample());
        Wake wake = new Wake(before.queryId(), 1, Sample.T0 + 5_000);
        Change change = PaymentSample.paid(before);
        Payment paid = changed(change);

        Delivery query = query(paid);
        assertThat(query.state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(query.nextAttemptAt()).isNull();
        assertThat(query.isCurrent(wake)).isFalse();
        assertThat(query.wakeNumber()).isGreaterThan(1);

        NotificationId id = Objects.requireNonNull(change.notification()).id();
        Delivery end = Objects.requireNonNull(delivery(id));
        assertThat(end.state()).isEqualTo(DeliveryState.WAITING);
        assertThat(end.wakeNumber()).isEqualTo(1);
        assertThat(end.merchantId()).isEqualTo(paid.order().merchantId());
        assertThat(end.content().orderNo()).isEqualTo(paid.order().outTradeNo());
        assertThat(notifications().payload(id)).isEqualTo(PaymentSample.endPayload(paid));
        assertThat(catalog().counts().byState().getOrDefault(DeliveryState.WAITING, 0L))
                .isEqualTo(1);
        assertThat(catalog().events(paid.order().merchantId(), null, 10)).hasSize(1);
    }

    @Test
    default void aQueryInTheMiddleOfItsAttemptIsCancelledAndItsSuccessIsRecorded() {
        Payment before = taken(sample());
        Wake wake = new Wake(before.queryId(), 1, Sample.T0 + 5_000);
        Payment paid = changed(PaymentSample.paid(before));
        Attempt attempt = new Attempt(
                PaymentSample.id(),
                1,
                wake.dueAt(),
                wake.dueAt() + 2,
                30,
                Outcome.ACKNOWLEDGED,
                null,
                null,
                false,
                false,
                null);
        Settled settled = notifications()
                .settle(List.of(new Settlement(
                        wake, attempt, new NextStep.Delivered(), WakeLocation.QUEUED, null, wake.dueAt() + 32)))
                .getFirst();
        assertThat(settled).isEqualTo(new Settled.Applied(null, false));
        assertThat(query(paid).state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(catalog().attempts(paid.queryId())).hasSize(1);
    }

    @Test
    default void aQueryOnceSettledStaysSo() {
        Payment before = taken(sample());
        Wake wake = new Wake(before.queryId(), 1, Sample.T0 + 5_000);
        Attempt attempt = new Attempt(
                PaymentSample.id(),
                1,
                wake.dueAt(),
                wake.dueAt() + 2,
                30,
                Outcome.ACKNOWLEDGED,
                null,
                null,
                false,
                false,
                null);
        notifications()
                .settle(List.of(new Settlement(
                        wake, attempt, new NextStep.Delivered(), WakeLocation.QUEUED, null, wake.dueAt() + 32)));
        Payment paid = changed(PaymentSample.paid(before));
        assertThat(query(paid).state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    default void aQueryThatIsParkedIsCancelledAllTheSame() {
        Payment before = taken(sample());
        Wake wake = new Wake(before.queryId(), 1, Sample.T0 + 5_000);
        assertThat(notifications()
                        .park(
                                List.of(new NotificationStore.Park(wake, HoldReason.BULKHEAD, Sample.T0 + 5_000)),
                                WakeLocation.HELD_BY_BULKHEAD))
                .containsExactly(true);
        Payment paid = changed(PaymentSample.paid(before));
        assertThat(query(paid).state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(notifications().bulkheadsHolding(null, 10)).isEmpty();
    }

    @Test
    default void aStepThatIsNotTheLastLeavesTheQuery() {
        Payment before = taken(sample());
        Payment paying = changed(change(before, before.moved(new Decision.Transition(PaymentState.PAYING, null, null)))
                .build());
        assertThat(query(paying).state()).isEqualTo(DeliveryState.WAITING);
        assertThat(query(paying).wakeNumber()).isEqualTo(1);
    }

    @Test
    default void eachChangeOfABatchHasItsOwnAnswer() {
        Payment moved = taken(sample());
        changed(PaymentSample.paid(moved));
        Payment first = taken(sample());
        Payment second = taken(sample());
        assertThat(payments()
                        .change(List.of(
                                PaymentSample.paid(second), PaymentSample.paid(moved), PaymentSample.paid(first))))
                .containsExactly(true, false, true);
        assertThat(payments().countByState().getOrDefault(PaymentState.SUCCEEDED, 0L))
                .isEqualTo(3);
        assertThat(payments().countByState().getOrDefault(PaymentState.CREATED, 0L))
                .isZero();
    }

    @Test
    default void aNotificationsIdInUseIsSaidAndNothingOfTheBatchIsWritten() {
        Payment first = taken(sample());
        Payment second = taken(sample());
        Payment after = second.moved(new Decision.Transition(PaymentState.SUCCEEDED, "42", T0));
        Change taken = change(second, after).notifying(first.queryId()).build();
        StoreException refused = catchThrowableOfType(
                StoreException.class, () -> payments().change(List.of(PaymentSample.paid(first), taken)));
        assertThat(refused).isNotNull();
        assertThat(refused.isIdTaken()).isTrue();
        assertThat(payment(first.id())).isEqualTo(first);
        assertThat(payment(second.id())).isEqualTo(second);
        assertThat(query(first).state()).isEqualTo(DeliveryState.WAITING);
    }

    @Test
    default void ofManyAtOnceOneWins() throws Exception {
        Payment before = taken(sample());
        int racers = 8;
        CountDownLatch start = new CountDownLatch(1);
        int won = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < racers; i++) {
                Change change = PaymentSample.paid(before);
                answers.add(threads.submit(() -> {
                    start.await();
                    return payments().change(List.of(change)).getFirst();
                }));
            }
            start.countDown();
            for (Future<Boolean> answer : answers) {
                won += answer.get() ? 1 : 0;
            }
        }
        assertThat(won).isEqualTo(1);
        assertThat(payment(before.id()).version()).isEqualTo(2);
        assertThat(payments().timeline(before.id(), 20)).hasSize(2);
        assertThat(catalog().events(merchant(1), null, 20)).hasSize(1);
    }
}
