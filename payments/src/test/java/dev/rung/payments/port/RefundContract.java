package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.T0;
import static dev.rung.payments.port.PaymentSample.callback;
import static dev.rung.payments.port.PaymentSample.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.Approver;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.DiscrepancyRefund;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.RefundStore.Change;
import dev.rung.payments.port.RefundStore.CreateResult;
import dev.rung.payments.port.RefundStore.NewRefund;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Refunds: stored within what was paid, changed by compare-and-set, counted on the payment. */
interface RefundContract extends PaymentStoreFixture {
    private RefundSample refundOf(Payment payment, String number, long amount) {
        return RefundSample.of(payment, number, amount);
    }

    private Refund stored(NewRefund item) {
        assertThat(refunds().create(item)).isEqualTo(new CreateResult.Stored());
        return refund(item.refund().id());
    }

    private Refund refund(RefundId id) {
        return refunds().find(id).orElseThrow();
    }

    private Refund changedRefund(Change change) {
        assertThat(refunds().change(change)).isTrue();
        return refund(change.before().id());
    }

    private Payment.Funds funds(Payment payment) {
        return payment(payment.id()).funds();
    }

    @Test
    default void whatIsPaidCanBeRefunded() {
        Payment waiting = taken(sample());
        assertThat(waiting.funds()).isEqualTo(Payment.Funds.NONE);
        Payment paid = changed(PaymentSample.paid(waiting));
        assertThat(paid.funds()).isEqualTo(new Payment.Funds(1230, 0, 0));
    }

    @Test
    default void aRefundIsThereAsItWasGiven() {
        Payment paid = paid(sample());
        NewRefund item = refundOf(paid, "R1", 500).build();
        Refund refund = stored(item);
        assertThat(refund).isEqualTo(item.refund());
        assertThat(refunds().find(paid.order().merchantId(), "R1")).contains(refund);
        assertThat(refunds().find(merchant(2), "R1")).isEmpty();
        assertThat(refunds().find(paid.order().merchantId(), "R2")).isEmpty();
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 500, 0));
        assertThat(refunds().hasOpen(refund.terms().channel())).isTrue();
        assertThat(refunds().hasOpen("elsewhere")).isFalse();
        assertThat(payments().timeline(paid.id(), 10).getLast()).isEqualTo(item.event());
        Delivery query = Objects.requireNonNull(delivery(Objects.requireNonNull(refund.queryId())));
        assertThat(query.state()).isEqualTo(DeliveryState.WAITING);
        assertThat(payments().lastId()).isGreaterThanOrEqualTo(refund.id().value());
    }

    @Test
    default void thoseThatSucceededWithinATimeAreFoundByAccount() {
        Payment paid = paid(sample());
        Refund first = stored(refundOf(paid, "R1", 100).build());
        Refund second = stored(refundOf(paid, "R2", 200).build());
        Refund failed = stored(refundOf(paid, "R3", 300).build());
        stored(refundOf(paid, "R4", 400).build());
        first = changedRefund(RefundSample.succeeded(first));
        second = changedRefund(RefundSample.succeeded(second));
        changedRefund(RefundSample.failed(failed, "the card is void"));
        Instant at = Objects.requireNonNull(first.refundedAt());
        assertThat(refunds().refunded("simulator", at, at.plusMillis(1), null, 10))
                .containsExactly(first, second);
        assertThat(refunds().refunded("simulator", at, at.plusMillis(1), null, 1))
                .containsExactly(first);
        assertThat(refunds().refunded("simulator", at, at.plusMillis(1), first.id(), 10))
                .containsExactly(second);
        assertThat(refunds().refunded("simulator", at.plusMillis(1), at.plusSeconds(9), null, 10))
                .isEmpty();
        assertThat(refunds().refunded("simulator", at.minusSeconds(9), at, null, 10))
                .isEmpty();
        assertThat(refunds().refunded("elsewhere", at, at.plusMillis(1), null, 10))
                .isEmpty();
    }

    private StoredDiscrepancy settledByRefund(Payment payment) {
        StoredDiscrepancy found = PaymentSample.finding(DiscrepancyKind.PAID_AFTER_CLOSE, payment);
        payments().report(List.of(found));
        claimForRefund(found);
        assertThat(payments()
                        .resolve(found.id(), new StoredDiscrepancy.Resolution("back", "alice", T0, Acceptance.REFUND)))
                .isTrue();
        return found;
    }

    private void claimForRefund(StoredDiscrepancy found) {
        assertThat(payments()
                        .claim(
                                found.id(),
                                new StoredDiscrepancy.Claim(Acceptance.REFUND, false, T0, T0.plusSeconds(60))))
                .isTrue();
    }

    @Test
    default void aRefundThatFailsReopensWhatItSettled() {
        Payment paid = paid(sample());
        StoredDiscrepancy found = settledByRefund(paid);
        Refund first = stored(
                refundOf(paid, DiscrepancyRefund.number(found.id(), 1), 500).build());
        changedRefund(RefundSample.failed(first, "the card is void"));
        assertThat(payments().discrepancy(found.id())).contains(found);
        assertThat(payments().openDiscrepancies(10)).isEqualTo(1);
        // Claimed, but not resolved yet: the settlement that waits for this refund must not resolve it.
        claimForRefund(found);
        Refund second = stored(
                refundOf(paid, DiscrepancyRefund.number(found.id(), 2), 500).build());
        changedRefund(RefundSample.failed(second, "the card is void"));
        assertThat(payments()
                        .resolve(found.id(), new StoredDiscrepancy.Resolution("back", "alice", T0, Acceptance.REFUND)))
                .isFalse();
    }

    @Test
    default void otherRefundsReopenNothing() {
        Payment paid = paid(sample());
        StoredDiscrepancy found = settledByRefund(paid);
        Refund done = stored(
                refundOf(paid, DiscrepancyRefund.number(found.id(), 1), 100).build());
        Refund other = stored(refundOf(paid, "R1", 100).build());
        Payment another = paid(PaymentSample.of(merchant(2)));
        Refund sameNumber = stored(
                refundOf(another, DiscrepancyRefund.number(found.id(), 1), 100).build());
        changedRefund(RefundSample.succeeded(done));
        changedRefund(RefundSample.failed(other, "no"));
        changedRefund(RefundSample.failed(sameNumber, "no"));
        assertThat(payments().openDiscrepancies(10)).isZero();
    }

    @Test
    default void refundsOfAPaymentThatHasNotSucceededRaiseItsVersion() {
        Payment taken = taken(sample());
        Payment late = changed(change(
                        taken,
                        taken.moved(new Decision.Transition(PaymentState.CLOSED, null, null))
                                .withLatePayment())
                .build());
        stored(refundOf(late, "R1", 500).build());
        assertThat(payments().change(List.of(PaymentSample.paid(late)))).containsExactly(false);
        Payment paid = paid(sample());
        stored(refundOf(paid, "R2", 500).build());
        assertThat(payment(paid.id()).version()).isEqualTo(paid.version());
    }

    @Test
    default void anApprovalIsKeptAndGiven() {
        Payment paid = paid(sample());
        NewRefund item = RefundSample.waiting(
                refundOf(paid, "R1", 500).build(), Approval.requested(new Approver("alice", "key_1")));
        Refund waiting = stored(item);
        assertThat(waiting).isEqualTo(item.refund());
        assertThat(waiting.isWaitingForApproval()).isTrue();
        Refund after = waiting.withApproval(new Approver("bob, 审批", "usr_2"), T0.plusSeconds(90));
        Refund approved = changedRefund(new Change(waiting, after, List.of(), null, null, null));
        assertThat(approved).isEqualTo(after.withNextVersion());
        assertThat(approved.isWaitingForApproval()).isFalse();
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 500, 0));
    }

    @Test
    default void theSameNumberAgainIsARepetitionOrAConflict() {
        Payment paid = paid(sample());
        Refund first = stored(refundOf(paid, "R1", 500).build());
        assertThat(refunds().create(refundOf(paid, "R1", 500).build())).isEqualTo(new CreateResult.Repeated(first));
        assertThat(refunds().create(refundOf(paid, "R1", 500).asked("otherwise").build()))
                .isEqualTo(new CreateResult.Conflicting(first));
        Payment another = paid(sample());
        assertThat(refunds()
                        .create(refundOf(another, "R1", 500)
                                .asked("of another payment")
                                .build()))
                .isEqualTo(new CreateResult.Conflicting(first));
        Payment ofAnotherMerchant = paid(PaymentSample.of(merchant(2)));
        stored(refundOf(ofAnotherMerchant, "R1", 500).build());
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 500, 0));
    }

    @Test
    default void noMoreIsRefundedThanWasPaid() {
        Payment paid = paid(sample());
        stored(refundOf(paid, "R1", 1000).build());
        NewRefund tooMuch = refundOf(paid, "R2", 231).build();
        assertThat(refunds().create(tooMuch)).isEqualTo(new CreateResult.Exceeding(payment(paid.id())));
        assertThat(refunds().find(tooMuch.refund().id())).isEmpty();
        assertThat(delivery(Objects.requireNonNull(tooMuch.query()).id())).isNull();
        stored(refundOf(paid, "R2", 230).build());
        assertThat(refunds().create(refundOf(paid, "R3", 1).build())).isInstanceOf(CreateResult.Exceeding.class);
        Payment unpaid = taken(sample());
        assertThat(refunds().create(refundOf(unpaid, "R4", 1).build())).isInstanceOf(CreateResult.Exceeding.class);
    }

    @Test
    default void aBatchIsStoredAsItsRefundsWouldBeOneAfterTheOther() {
        Payment paid = paid(sample());
        Payment another = paid(sample());
        NewRefund first = refundOf(paid, "R1", 1000).build();
        NewRefund ofAnother = refundOf(another, "R2", 500).build();
        List<CreateResult> results = new ArrayList<>(refunds()
                .create(List.of(
                        ofAnother,
                        first,
                        refundOf(paid, "R3", 231).build(),
                        refundOf(paid, "R1", 1000).build(),
                        refundOf(another, "R1", 10).asked("otherwise").build(),
                        refundOf(paid, "R4", 230).build())));
        assertThat(results.remove(2)).isInstanceOf(CreateResult.Exceeding.class);
        assertThat(results)
                .containsExactly(
                        new CreateResult.Stored(),
                        new CreateResult.Stored(),
                        new CreateResult.Repeated(first.refund()),
                        new CreateResult.Conflicting(first.refund()),
                        new CreateResult.Stored());
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 1230, 0));
        assertThat(funds(another)).isEqualTo(new Payment.Funds(1230, 500, 0));
        Refund one = refund(first.refund().id());
        Refund two = refund(ofAnother.refund().id());
        assertThat(refunds()
                        .change(List.of(
                                RefundSample.succeeded(one),
                                RefundSample.failed(two, "the card is void"),
                                RefundSample.failed(one, "it has changed meanwhile"))))
                .containsExactly(true, true, false);
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 230, 1000));
        assertThat(funds(another)).isEqualTo(new Payment.Funds(1230, 0, 0));
    }

    @Test
    default void aPaymentPaidAfterItsCloseCanBeRefunded() {
        Payment waiting = taken(sample());
        Payment closed =
                changed(change(waiting, waiting.moved(new Decision.Transition(PaymentState.CLOSED, null, null)))
                        .notifying()
                        .build());
        Payment late = changed(change(closed, closed.withLatePayment()).build());
        assertThat(late.state()).isEqualTo(PaymentState.CLOSED);
        assertThat(late.funds()).isEqualTo(new Payment.Funds(1230, 0, 0));
        stored(refundOf(late, "R1", 1230).build());
    }

    @Test
    default void ofManyAtOnceOnlySoMuchIsStoredAsWasPaid() throws Exception {
        Payment paid = paid(sample());
        CountDownLatch start = new CountDownLatch(1);
        int stored = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CreateResult>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                NewRefund item = refundOf(paid, "R" + i, 400).build();
                answers.add(threads.submit(() -> {
                    start.await();
                    return refunds().create(item);
                }));
            }
            start.countDown();
            for (Future<CreateResult> answer : answers) {
                stored += answer.get() instanceof CreateResult.Stored ? 1 : 0;
            }
        }
        assertThat(stored).isEqualTo(3);
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 1200, 0));
    }

    @Test
    default void oneNumberForTwoPaymentsAtOnceIsOneRefund() throws Exception {
        List<Payment> both = List.of(paid(sample()), paid(sample()));
        assertThat(both.get(0).order().merchantId())
                .isEqualTo(both.get(1).order().merchantId());
        for (int round = 0; round < 10; round++) {
            CountDownLatch start = new CountDownLatch(1);
            List<CreateResult> results = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<CreateResult>> answers = new ArrayList<>();
                for (Payment payment : both) {
                    NewRefund item = refundOf(payment, "R" + round, 1)
                            .asked("of " + payment.id())
                            .build();
                    answers.add(threads.submit(() -> {
                        start.await();
                        return refunds().create(item);
                    }));
                }
                start.countDown();
                for (Future<CreateResult> answer : answers) {
                    results.add(answer.get());
                }
            }
            assertThat(results)
                    .hasAtLeastOneElementOfType(CreateResult.Stored.class)
                    .hasAtLeastOneElementOfType(CreateResult.Conflicting.class);
        }
        assertThat(both.stream().mapToLong(p -> funds(p).refunding()).sum()).isEqualTo(10);
    }

    @Test
    default void aRefundWithoutAnAddressOfItsOwnIsKept() {
        Refund refund =
                stored(refundOf(paid(sample()), "R1", 500).toTheMerchantsUrl().build());
        assertThat(refund.terms().notifyUrl()).isNull();
    }

    @Test
    default void aSuccessIsCountedAndToldAndEndsTheQuery() {
        Payment paid = paid(sample());
        Refund before = stored(refundOf(paid, "R1", 500).build());
        Change change = RefundSample.succeeded(before);
        Refund after = changedRefund(change);
        assertThat(after).isEqualTo(change.after().withNextVersion());
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 0, 500));
        Delivery query = Objects.requireNonNull(delivery(Objects.requireNonNull(before.queryId())));
        assertThat(query.state()).isEqualTo(DeliveryState.CANCELLED);
        Delivery told = Objects.requireNonNull(
                delivery(Objects.requireNonNull(change.notification()).id()));
        assertThat(told.state()).isEqualTo(DeliveryState.WAITING);
        assertThat(payments().timeline(paid.id(), 10).getLast())
                .isEqualTo(change.events().getLast());
    }

    @Test
    default void aFailureGivesTheAmountBack() {
        Payment paid = paid(sample());
        Refund before = stored(refundOf(paid, "R1", 1230).build());
        Refund failed = changedRefund(RefundSample.failed(before, "the account is closed"));
        assertThat(failed.failure()).isEqualTo("the account is closed");
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 0, 0));
        stored(refundOf(paid, "R2", 1230).build());
    }

    @Test
    default void whatTheChannelRefundedAfterAFailureIsCountedOnceWithItsDiscrepancy() {
        Payment paid = paid(sample());
        Refund before = stored(refundOf(paid, "R1", 500).build());
        Refund failed = changedRefund(RefundSample.failed(before, "the account is closed"));
        Refund after = changedRefund(new Change(
                failed,
                failed.withRefundedAfterFailure(),
                List.of(),
                null,
                null,
                RefundSample.finding(DiscrepancyKind.REFUND_STATE_MISMATCH, failed)));
        assertThat(after.refundedAfterFailure()).isTrue();
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 0, 0, 500));
        assertThat(refunds()
                        .change(new Change(
                                after, after.withAccepted(T0.plusSeconds(200)), List.of(), null, null, null)))
                .isTrue();
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 0, 0, 500));
        assertThat(refunds().create(refundOf(paid, "R2", 731).build())).isInstanceOf(CreateResult.Exceeding.class);
        stored(refundOf(paid, "R3", 730).build());
    }

    @Test
    default void theTimeOfARequestIsKept() {
        Payment paid = paid(sample());
        Refund before = stored(refundOf(paid, "R1", 500).build());
        Change again = new Change(before, before.withRequested(T0.plusSeconds(90)), List.of(), null, null, null);
        assertThat(changedRefund(again).requestedAt()).isEqualTo(T0.plusSeconds(90));
    }

    @Test
    default void aRefundThatHasChangedIsNotWritten() {
        Payment paid = paid(sample());
        Refund before = stored(refundOf(paid, "R1", 500).build());
        Refund after = changedRefund(RefundSample.succeeded(before));
        Change late = RefundSample.failed(before, "late");
        assertThat(refunds().change(late)).isFalse();
        assertThat(refund(before.id())).isEqualTo(after);
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 0, 500));
        assertThat(delivery(Objects.requireNonNull(late.notification()).id())).isNull();
    }

    @Test
    default void aConfirmationIsKept() {
        Payment paid = paid(sample());
        Refund before = stored(refundOf(paid, "R1", 500).build());
        Refund after = changedRefund(new Change(
                before,
                before.withAccepted(T0.plusSeconds(70)),
                List.of(),
                callback("simulator", Sample.bytes("refund accepted " + before.id()), paid),
                null,
                RefundSample.finding(DiscrepancyKind.REFUND_STUCK, before)));
        assertThat(after.acceptedAt()).isEqualTo(T0.plusSeconds(70));
        assertThat(after.version()).isEqualTo(2);
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 500, 0));
        assertThat(payments().callbacks(paid.id(), 10)).hasSize(1);
        assertThat(payments().openDiscrepancies(10)).isEqualTo(1);
    }

    @Test
    default void aChangeOfThePaymentLeavesItsRefunds() {
        Payment paid = paid(sample());
        stored(refundOf(paid, "R1", 500).build());
        changed(change(paid, paid.withCloseRequested(T0.plusSeconds(99))).build());
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 500, 0));
    }

    @Test
    default void aRefundMadeAtTheChannelIsStoredOnceWhateverWasPaid() {
        Payment paid = paid(sample());
        stored(refundOf(paid, "R1", 1000).build());
        NewRefund made = refundOf(paid, "C77", 500)
                .madeAtChannel(callback("simulator", Sample.bytes("refunded " + paid.id()), paid))
                .build();
        Refund refund = stored(made);
        assertThat(payments().openDiscrepancies(10)).isEqualTo(1);
        assertThat(refund).isEqualTo(made.refund());
        assertThat(refund.queryId()).isNull();
        assertThat(refund.terms().outRefundNo()).isNull();
        assertThat(refunds().findChannelMade(paid.id(), "C77")).contains(refund);
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 1000, 500));
        assertThat(delivery(Objects.requireNonNull(made.notification()).id())).isNotNull();
        NewRefund again = refundOf(paid, "C77", 500)
                .madeAtChannel(callback("simulator", Sample.bytes("refunded again " + paid.id()), paid))
                .build();
        assertThat(refunds().create(again)).isEqualTo(new CreateResult.Repeated(refund));
        assertThat(payments().callbacks(paid.id(), 10)).hasSize(2);
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 1000, 500));
        stored(refundOf(paid(sample()), "C77", 500)
                .madeAtChannel(callback("simulator", Sample.bytes("of another"), paid))
                .build());
    }

    @Test
    default void aRefundMadeAtTheChannelIsADiscrepancyOnlyBeyondWhatIsLeftNow() {
        Payment paid = paid(sample());
        stored(refundOf(paid, "C1", 1230)
                .madeAtChannel(callback("simulator", Sample.bytes("1 of " + paid.id()), paid))
                .build());
        assertThat(payments().openDiscrepancies(10)).isZero();
        stored(refundOf(paid, "C2", 1)
                .madeAtChannel(callback("simulator", Sample.bytes("2 of " + paid.id()), paid))
                .build());
        assertThat(payments().openDiscrepancies(10)).isEqualTo(1);
        Payment unpaid = taken(sample());
        stored(refundOf(unpaid, "C3", 1)
                .madeAtChannel(callback("simulator", Sample.bytes("3 of " + unpaid.id()), unpaid))
                .build());
        assertThat(payments().openDiscrepancies(10)).isEqualTo(2);
    }

    @Test
    default void refundsAreListedNewestFirst() {
        Payment paid = paid(sample());
        List<Refund> stored = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stored.addFirst(stored(refundOf(paid, "R" + i, 100).build()));
        }
        stored(refundOf(paid(sample()), "another", 100).build());
        Page<Refund, RefundId> first = refunds().list(paid.id(), null, 3);
        assertThat(first.items()).isEqualTo(stored.subList(0, 3));
        Page<Refund, RefundId> second = refunds().list(paid.id(), first.next(), 3);
        assertThat(second.items()).isEqualTo(stored.subList(3, 5));
        assertThat(second.next()).isNull();
    }

    @Test
    default void anIdInUseIsReportedAndNothingIsWritten() {
        Payment paid = paid(sample());
        Refund first = stored(refundOf(paid, "R1", 500).build());
        NewRefund taken = refundOf(paid, "R2", 100).build(first.id());
        StoreException refused =
                catchThrowableOfType(StoreException.class, () -> refunds().create(taken));
        assertThat(refused).isNotNull();
        assertThat(refused.isIdTaken()).isTrue();
        assertThat(funds(paid)).isEqualTo(new Payment.Funds(1230, 500, 0));
        assertThat(refunds().find(paid.order().merchantId(), "R2")).isEmpty();
    }

    @Test
    default void whatARefundTellsKeepsTheTimelineFromBeingPurged() {
        Payment paid = paid(sample());
        Refund before = stored(refundOf(paid, "R1", 500).build());
        assertThat(payments().purge(RefundSample.ENDED_AT.plusSeconds(3600), 10))
                .as("while a refund is open")
                .isZero();
        changedRefund(RefundSample.succeeded(before));
        assertThat(payments().purge(RefundSample.ENDED_AT, 10)).isZero();
        assertThat(payments().purge(RefundSample.ENDED_AT.plusMillis(1), 10)).isEqualTo(1);
        assertThat(refund(before.id()).terms()).isEqualTo(before.terms());
    }

    @Test
    default void anOldPaymentGoesWithItsRefundsOnceTheyHaveEnded() {
        Payment paid = paid(sample());
        Refund refund = stored(refundOf(paid, "R1", 500).build());
        Instant later = RefundSample.ENDED_AT.plusSeconds(3600);
        assertThat(payments().purgeRecords(later, 10)).isZero();
        changedRefund(RefundSample.succeeded(refund));
        assertThat(payments().purgeRecords(later, 10)).isEqualTo(1);
        assertThat(refunds().find(refund.id())).isEmpty();
        assertThat(refunds().find(paid.order().merchantId(), "R1")).isEmpty();
    }
}
