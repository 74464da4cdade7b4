package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sample;
import dev.rung.core.port.Sender;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.port.ChannelRefunds.Exchange;
import dev.rung.payments.port.PaymentChannel.Callback;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefundsTest extends RefundsFixture {

    @Test
    void anImmediateSuccessIsToldOnceAndCountedOnThePayment() {
        answers(refunded(500));
        Refund refund = accepted("R1", 500);
        assertThat(refund.state()).isEqualTo(RefundState.SUCCEEDED);
        assertThat(refund.channelRefundNo()).isEqualTo("5030");
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 0, 500));
        assertThat(fixture.merchantNotifications()).hasSize(2);
        NotificationDetail told = fixture.merchantNotifications().getFirst();
        assertThat(told.content().eventType()).isEqualTo("refund.succeeded");
        assertThat(told.content().orderNo()).isEqualTo("T1");
        assertThat(told.content().url()).isEqualTo("https://shop.example/refunded");
        assertThat(lastPayload())
                .isEqualTo("{\"refund_id\":\"" + refund.id() + "\",\"out_refund_no\":\"R1\",\"payment_id\":\""
                        + payment.id() + "\",\"out_trade_no\":\"T1\",\"state\":\"succeeded\","
                        + "\"amount\":{\"value\":500,\"currency\":\"CNY\"},\"reason\":\"cold \\\"tea\\\"\","
                        + "\"channel\":\"simulator\",\"channel_refund_no\":\"5030\","
                        + "\"refunded_at\":\"2026-03-01T10:00:00.500Z\"}");
        assertThat(fixture.changed).contains(refund.queryId());
        assertThat(query(refund).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(fixture.merchantNotifications()).hasSize(2);
        assertThat(fixture.timeline(payment))
                .endsWith(
                        "refund R1 requested over 5.00 CNY: cold \"tea\"",
                        "refund R1, request: 5.00 CNY refunded as 5030");
    }

    @Test
    void theSameNumberAgainAndMoreThanWasPaid() {
        answers(new RefundEvidence.Processing());
        Refund first = accepted("R1", 1000);
        assertThat(request("R1", 1000)).isEqualTo(new RefundResult.Repeated(now(first)));
        assertThat(request("R1", 999)).isEqualTo(new RefundResult.Conflicting(now(first)));
        assertThat(request("R2", 231)).isEqualTo(new RefundResult.Exceeding(fixture.now(payment)));
        assertThat(accepted("R3", 230).state()).isEqualTo(RefundState.PROCESSING);
        assertThat(fixture.channel.calls).filteredOn("refund"::equals).hasSize(2);
    }

    @Test
    void aPaymentPaidAfterItsCloseCanBeRefunded() {
        fixture.channel.querying = p -> TestChannel.CLOSED;
        Payment closed = fixture.placed("T2");
        fixture.payments.close(closed.id());
        assertThat(fixture.now(closed).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(request(fixture.now(closed), "R1", 1)).isInstanceOf(RefundResult.Exceeding.class);
        fixture.channel.reading =
                body -> new Callback.Verified(closed.id().toString(), TestChannel.paidEvidence(closed));
        fixture.payments.callback("simulator", TestChannel.callback("paid late"));
        assertThat(fixture.now(closed).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(fixture.now(closed).funds().paid()).isEqualTo(1230);
        answers(refunded(1230));
        assertThat(request(fixture.now(closed), "R1", 1230)).isInstanceOf(RefundResult.Accepted.class);
        assertThat(fixture.now(closed).funds().refunded()).isEqualTo(1230);
    }

    @Test
    void anUnknownAnswerIsNoFailureAndTheRequestIsRepeated() {
        answers(new RefundEvidence.Unknown("no answer"));
        Refund refund = accepted("R1", 500);
        assertThat(refund.state()).isEqualTo(RefundState.PROCESSING);
        queriesFind(new RefundEvidence.NotFound("no such refund"));
        Sender.Result unclear = query(refund);
        assertThat(unclear.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(unclear.exactWait()).isEqualTo(Duration.ofSeconds(5));
        assertThat(now(refund).state()).isEqualTo(RefundState.PROCESSING);
        answers(refunded(500));
        assertThat(query(refund).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(now(refund).state()).isEqualTo(RefundState.SUCCEEDED);
    }

    @Test
    void whatTheChannelHasConfirmedIsQueriedAndNotRequestedAgain() {
        answers(new RefundEvidence.Processing());
        Refund refund = accepted("R1", 500);
        assertThat(refund.acceptedAt()).isNotNull();
        fixture.channel.calls.clear();
        queriesFind(refunded(500));
        query(refund);
        assertThat(fixture.channel.calls).containsExactly("refund query");
        assertThat(now(refund).state()).isEqualTo(RefundState.SUCCEEDED);
    }

    @Test
    void aRefusalCountsOnlyIfTheChannelHasNoSuchRefund() {
        answers(new RefundEvidence.Refused("duplicate"));
        queriesFind(refunded(500));
        assertThat(accepted("R1", 500).state()).isEqualTo(RefundState.SUCCEEDED);
        queriesFind(new RefundEvidence.NotFound("no such refund"));
        Refund failed = accepted("R2", 500);
        assertThat(failed.state()).isEqualTo(RefundState.FAILED);
        assertThat(failed.failure()).isEqualTo("duplicate");
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 0, 500));
        assertThat(fixture.merchantNotifications().getFirst().content().eventType())
                .isEqualTo("refund.failed");
        fixture.channel.queryingRefund =
                number -> new Exchange(new RefundEvidence.Unknown("connection refused"), 3, null);
        assertThat(accepted("R3", 500).state()).isEqualTo(RefundState.PROCESSING);
    }

    @Test
    void aRefusalCountsOnlyWhenNoEarlierRequestCanBeInProgress() {
        answers(new RefundEvidence.Unknown("no answer"));
        Refund refund = accepted("R1", 500);
        answers(new RefundEvidence.Refused("there is such a refund"));
        queriesFind(new RefundEvidence.NotFound("no such refund"));
        fixture.time.take(Duration.ofSeconds(59));
        query(refund);
        assertThat(now(refund).state()).isEqualTo(RefundState.PROCESSING);
        fixture.time.take(Duration.ofSeconds(59));
        query(refund);
        assertThat(now(refund).state()).isEqualTo(RefundState.PROCESSING);
        fixture.time.take(Duration.ofMinutes(1));
        query(refund);
        assertThat(now(refund).state()).isEqualTo(RefundState.FAILED);
    }

    @Test
    void whatMayHaveBeenReceivedConfirmsARefusalOfTheOnlyRequestAlone() {
        queriesFind(new RefundEvidence.NotEnded("not received, or not ended"));
        answers(new RefundEvidence.Refused("the trade has ended"));
        assertThat(accepted("R1", 500).state()).isEqualTo(RefundState.FAILED);
        answers(new RefundEvidence.Unknown("no answer"));
        Refund unclear = accepted("R2", 500);
        answers(new RefundEvidence.Refused("the trade has ended"));
        fixture.time.take(Duration.ofHours(1));
        query(unclear);
        assertThat(now(unclear).state()).isEqualTo(RefundState.PROCESSING);
    }

    @Test
    void aFirstRequestThatStartsLateIsLeftToTheQuery() {
        fixture.holding = true;
        var answer = fixture.payments
                .refunds()
                .request(new RefundRequest(
                        payment,
                        "R1",
                        Money.of(500, "CNY"),
                        null,
                        null,
                        payment.order().ladder(),
                        null,
                        Sample.sha256("R1")));
        fixture.time.take(Duration.ofSeconds(5));
        fixture.held.remove().run();
        assertThat(fixture.channel.calls).doesNotContain("refund");
        assertThat(answer.toCompletableFuture()).isDone();
    }

    @Test
    void whatWasRefusedHereAndIsInProgressAtTheChannelIsADiscrepancy() {
        answers(new RefundEvidence.Refused("the trade has ended"));
        queriesFind(new RefundEvidence.NotFound("no such refund"));
        Refund refused = accepted("R1", 500);
        callBack(refused.id().toString(), new RefundEvidence.Processing());
        assertThat(now(refused).state()).isEqualTo(RefundState.FAILED);
        assertThat(fixture.reportedDiscrepancies())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.REFUND_STATE_MISMATCH));
    }

    @Test
    void whatFailedHereAndIsStuckAtTheChannelIsADiscrepancy() {
        answers(new RefundEvidence.Failed("closed"));
        Refund failed = accepted("R1", 500);
        callBack(failed.id().toString(), new RefundEvidence.Processing());
        assertThat(fixture.reportedDiscrepancies()).isEmpty();
        callBack(failed.id().toString(), new RefundEvidence.Stuck("the card is void"));
        assertThat(fixture.reportedDiscrepancies())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.REFUND_STATE_MISMATCH));
    }

    @Test
    void aRefundThatFailsLateGivesTheAmountBack() {
        answers(new RefundEvidence.Processing());
        Refund refund = accepted("R1", 1230);
        queriesFind(new RefundEvidence.Failed("the card is blocked"));
        assertThat(fixture.payments.refunds().sync(refund.id()).orElseThrow().state())
                .isEqualTo(RefundState.FAILED);
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 0, 0));
        answers(refunded(1230));
        assertThat(accepted("R2", 1230).state()).isEqualTo(RefundState.SUCCEEDED);
    }

    @Test
    void aCallbackEndsTheRefundOnceAndIsKept() {
        answers(new RefundEvidence.Processing());
        Refund refund = accepted("R1", 500);
        for (int i = 0; i < 3; i++) {
            assertThat(callBack(refund.id().toString(), refunded(500))).isEqualTo("success");
        }
        assertThat(now(refund).state()).isEqualTo(RefundState.SUCCEEDED);
        assertThat(fixture.merchantNotifications()).hasSize(2);
        assertThat(fixture.store.callbacks(payment.id(), 10)).hasSize(1);
        assertThat(fixture.store.callbacks(payment.id(), 10).getFirst().verdict())
                .isEqualTo("refund R1: 5.00 CNY refunded as 5030; the refund is succeeded");
    }

    @Test
    void aCallbackThatDoesNotSayWhatBecameOfItLetsTheChannelBeQueried() {
        answers(new RefundEvidence.Processing());
        Refund refund = accepted("R1", 500);
        assertThat(callBack(refund.id().toString(), new RefundEvidence.Unknown("something changed")))
                .isEqualTo("success");
        assertThat(now(refund).state()).isEqualTo(RefundState.PROCESSING);
        assertThat(fixture.madeDueNow).containsExactly(refund.queryId());
    }

    @Test
    void anotherAmountIsADiscrepancy() {
        answers(new RefundEvidence.Processing());
        Refund refund = accepted("R1", 500);
        callBack(refund.id().toString(), refunded(501));
        assertThat(now(refund).state()).isEqualTo(RefundState.PROCESSING);
        assertThat(fixture.reportedDiscrepancies())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.AMOUNT_MISMATCH));
    }

    @Test
    void whatIsStuckAtTheChannelIsADiscrepancyAndStaysOpen() {
        answers(new RefundEvidence.Processing());
        Refund refund = accepted("R1", 500);
        callBack(refund.id().toString(), new RefundEvidence.Stuck("the card is void"));
        callBack(refund.id().toString(), new RefundEvidence.Stuck("the card is void"));
        assertThat(now(refund).state()).isEqualTo(RefundState.PROCESSING);
        assertThat(fixture.reportedDiscrepancies())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.REFUND_STUCK));
    }

    @Test
    void aCallbackThatSaysLittleOfAFailedRefundIsQueriedAndJudged() {
        answers(new RefundEvidence.Failed("the card is blocked"));
        Refund refund = accepted("R1", 500);
        queriesFind(new RefundEvidence.Unknown("no answer"));
        callBack(refund.id().toString(), new RefundEvidence.Unknown("something changed"));
        assertThat(fixture.store.openDiscrepancies(10)).isEqualTo(1);
        queriesFind(refunded(500));
        fixture.time.pass(Duration.ofMinutes(1));
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 0, 0, 500));
        assertThat(fixture.store.discrepancies(true, null, 10).items())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.REFUND_STATE_MISMATCH));
    }

    @Test
    void whatTheChannelNeverConfirmsIsUnresolvedAfterADay() {
        answers(new RefundEvidence.Unknown("no answer"));
        Refund refund = accepted("R1", 500);
        queriesFind(new RefundEvidence.Unknown("no answer"));
        fixture.time.take(Duration.ofHours(23));
        query(refund);
        assertThat(fixture.reportedDiscrepancies()).isEmpty();
        fixture.time.take(Duration.ofHours(1));
        assertThat(query(refund).exactWait()).isEqualTo(Duration.ofHours(1));
        query(refund);
        assertThat(fixture.reportedDiscrepancies())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.UNRESOLVED));
    }

    @Test
    void whatTheChannelWorksOnIsUnresolvedAfterAWeek() {
        answers(new RefundEvidence.Processing());
        Refund refund = accepted("R1", 500);
        queriesFind(new RefundEvidence.Processing());
        fixture.time.take(Duration.ofDays(6));
        query(refund);
        assertThat(fixture.reportedDiscrepancies()).isEmpty();
        fixture.time.take(Duration.ofDays(1));
        query(refund);
        assertThat(fixture.reportedDiscrepancies()).hasSize(1);
    }

    @Test
    void successAtTheChannelAfterAFailureHereIsADiscrepancy() {
        answers(new RefundEvidence.Failed("the card is blocked"));
        Refund refund = accepted("R1", 500);
        callBack(refund.id().toString(), refunded(500));
        assertThat(now(refund).state()).isEqualTo(RefundState.FAILED);
        assertThat(fixture.reportedDiscrepancies())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.REFUND_STATE_MISMATCH));
    }

    @Test
    void whatTheChannelRefundedAfterAFailureHereIsNotRefundableAgain() {
        answers(new RefundEvidence.Failed("the card is blocked"));
        Refund refund = accepted("R1", 500);
        callBack(refund.id().toString(), refunded(500));
        fixture.payments.refunds().sync(refund.id());
        queriesFind(refunded(500));
        fixture.payments.refunds().sync(refund.id());
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 0, 0, 500));
        assertThat(request("R2", 731)).isInstanceOf(RefundResult.Exceeding.class);
        assertThat(request("R3", 730)).isInstanceOf(RefundResult.Accepted.class);
    }

    @Test
    void aRefundOfAnotherPaymentIsNotTouched() {
        answers(new RefundEvidence.Processing());
        Payment another = paid("T2");
        Refund refund = ((RefundResult.Accepted) request(another, "R1", 500)).refund();
        callBack(refund.id().toString(), refunded(500));
        assertThat(now(refund).state()).isEqualTo(RefundState.PROCESSING);
    }

    @Test
    void theChannelIsNotWaitedForForLong() {
        fixture.holding = true;
        var answer = fixture.payments
                .refunds()
                .request(new RefundRequest(
                        payment,
                        "R1",
                        Money.of(1, "CNY"),
                        null,
                        "https://shop.example/refunded",
                        payment.order().ladder(),
                        null,
                        Sample.sha256("R1")));
        assertThat(answer.toCompletableFuture()).isNotDone();
        fixture.time.pass(OrderPlacement.ANSWERED_WITHIN);
        assertThat(((RefundResult.Accepted) answer.toCompletableFuture().join())
                        .refund()
                        .state())
                .isEqualTo(RefundState.PROCESSING);
    }
}
