package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.port.Sample;
import dev.rung.payments.flow.DiscrepancySettlement.Proof;
import dev.rung.payments.flow.DiscrepancySettlement.Settling;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel.Exchange;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiscrepancySettlementTest {
    private final FlowFixture fixture = new FlowFixture();

    private void channelSays(Evidence evidence) {
        fixture.channel.querying = payment -> new Exchange(evidence, 12, "answer");
    }

    private static Evidence.Paid paid(long amount, String currency) {
        return new Evidence.Paid("4200", Money.of(amount, currency), null);
    }

    private StoredDiscrepancy open() {
        return fixture.store.discrepancies(true, null, 10).items().getFirst();
    }

    private Payment closed() {
        Payment payment = fixture.placed();
        channelSays(new Evidence.Closed());
        return fixture.payments.sync(payment.id()).orElseThrow();
    }

    private StoredDiscrepancy paidAfterClose() {
        Payment closed = closed();
        channelSays(paid(1230, "CNY"));
        fixture.payments.sync(closed.id());
        return open();
    }

    private StoredDiscrepancy paidWith(long amount, String currency) {
        Payment payment = fixture.placed();
        channelSays(paid(amount, currency));
        fixture.payments.sync(payment.id());
        return open();
    }

    private Payment now(StoredDiscrepancy discrepancy) {
        return fixture.store.find(discrepancy.payment()).orElseThrow();
    }

    private void settle(StoredDiscrepancy discrepancy, Acceptance acceptance) {
        assertThat(settling(discrepancy, acceptance)).isEqualTo(new Settling.Settled());
    }

    private Settling settling(StoredDiscrepancy discrepancy, Acceptance acceptance) {
        return settling(discrepancy, proven(discrepancy, acceptance), acceptance);
    }

    private Settling settling(StoredDiscrepancy discrepancy, Proof.Given proof, Acceptance acceptance) {
        return fixture.payments
                .settlement()
                .settle(
                        discrepancy,
                        proof,
                        false,
                        "by alice",
                        new StoredDiscrepancy.Resolution("note", "alice", fixture.time.instant(), acceptance));
    }

    private Proof.Given proven(StoredDiscrepancy discrepancy, Acceptance acceptance) {
        Proof proof = fixture.payments.settlement().prove(discrepancy, acceptance);
        assertThat(proof).isInstanceOf(Proof.Given.class);
        return (Proof.Given) proof;
    }

    private void refundsAnswer(RefundEvidence evidence) {
        fixture.channel.refunding = refund -> new ChannelRefunds.Exchange(evidence, 12, "answered");
    }

    private void refundsAreFound(RefundEvidence evidence) {
        fixture.channel.queryingRefund = number -> new ChannelRefunds.Exchange(evidence, 12, "found");
    }

    private Refund refund(StoredDiscrepancy discrepancy, String suffix) {
        return fixture.store
                .refunds()
                .find(FlowFixture.MERCHANT, discrepancy.id() + suffix)
                .orElseThrow();
    }

    private StoredDiscrepancy.@Nullable Resolution resolution(StoredDiscrepancy discrepancy) {
        return fixture.store.discrepancy(discrepancy.id()).orElseThrow().resolution();
    }

    private String lastEvent() {
        return fixture.merchantNotifications().getFirst().content().eventType();
    }

    @Test
    void aPaymentThatWasPaidLateSucceedsAndTheMerchantIsNotifiedOnce() {
        StoredDiscrepancy late = paidAfterClose();
        assertThat(late.kind()).isEqualTo(DiscrepancyKind.PAID_AFTER_CLOSE);
        settle(late, Acceptance.CHANNEL);
        assertThat(now(late).state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(now(late).funds()).isEqualTo(new Payment.Funds(1230, 0, 0));
        assertThat(fixture.merchantNotifications())
                .extracting(n -> n.content().eventType())
                .containsExactly("payment.succeeded", "payment.closed");
        assertThat(fixture.timeline(now(late))).endsWith("by alice", "operator: paid 12.30 CNY as 4200");
        assertThat(settling(late, Acceptance.CHANNEL)).isEqualTo(new Settling.Taken());
        assertThat(fixture.merchantNotifications()).hasSize(2);
    }

    /** As a process does that dies after the claim. */
    private void claim(StoredDiscrepancy discrepancy, Acceptance acceptance) {
        Instant now = fixture.time.instant();
        assertThat(fixture.store.claim(
                        discrepancy.id(), new StoredDiscrepancy.Claim(acceptance, false, now, now.plusSeconds(60))))
                .isTrue();
    }

    @Test
    void whileOneSettlesItOtherWaysAreTakenAndTheSameOneMayBeRepeated() {
        StoredDiscrepancy late = paidAfterClose();
        Proof.Given refund = proven(late, Acceptance.REFUND);
        claim(late, Acceptance.CHANNEL);
        assertThat(settling(late, refund, Acceptance.REFUND)).isEqualTo(new Settling.Taken());
        assertThat(fixture.store.resolve(
                        late.id(), new StoredDiscrepancy.Resolution("by hand", "bob", fixture.time.instant())))
                .isFalse();
        assertThat(fixture.channel.calls).doesNotContain("refund");
        settle(late, Acceptance.CHANNEL);
        assertThat(now(late).state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void anInterruptedSettlementKeepsOtherWaysOutForAMinuteOnly() {
        StoredDiscrepancy late = paidAfterClose();
        claim(late, Acceptance.CHANNEL);
        fixture.time.take(Duration.ofMinutes(1));
        settle(late, Acceptance.REFUND);
        assertThat(now(late).state()).isEqualTo(PaymentState.CLOSED);
    }

    @Test
    void aRefundThatIsRefusedSettlesNothingAndIsTriedAgainUnderAnotherNumber() {
        StoredDiscrepancy late = paidAfterClose();
        refundsAnswer(new RefundEvidence.Failed("the card is void"));
        assertThat(settling(late, Acceptance.REFUND))
                .isEqualTo(new Settling.Refused("the refund has failed: the card is void"));
        assertThat(resolution(late)).isNull();
        assertThat(settling(late, Acceptance.REFUND)).isInstanceOf(Settling.Refused.class);
        refundsAnswer(new RefundEvidence.Refunded("5030", Money.of(1230, "CNY"), null));
        settle(late, Acceptance.REFUND);
        assertThat(refund(late, "").state()).isEqualTo(RefundState.FAILED);
        assertThat(refund(late, "-2").state()).isEqualTo(RefundState.FAILED);
        assertThat(refund(late, "-3").state()).isEqualTo(RefundState.SUCCEEDED);
        assertThat(now(late).funds()).isEqualTo(new Payment.Funds(1230, 0, 1230));
    }

    @Test
    void aRefundThatFailsLaterReopensItAndItCanBeSettledAgain() {
        StoredDiscrepancy late = paidAfterClose();
        settle(late, Acceptance.REFUND);
        assertThat(resolution(late)).isNotNull();
        int reported = fixture.reportedDiscrepancies().size();
        refundsAreFound(new RefundEvidence.Failed("the account is closed"));
        fixture.payments.refunds().sync(refund(late, "").id());
        assertThat(resolution(late)).isNull();
        assertThat(fixture.reportedDiscrepancies()).hasSize(reported + 1);
        refundsAnswer(new RefundEvidence.Refunded("5031", Money.of(1230, "CNY"), null));
        settle(late, Acceptance.REFUND);
        assertThat(refund(late, "-2").state()).isEqualTo(RefundState.SUCCEEDED);
        assertThat(now(late).funds()).isEqualTo(new Payment.Funds(1230, 0, 1230));
    }

    @Test
    void whatGoesBackToThePayerIsNotAcceptedAsPaid() {
        StoredDiscrepancy late = paidAfterClose();
        Proof.Given early = proven(late, Acceptance.CHANNEL);
        settle(late, Acceptance.REFUND);
        assertThat(fixture.payments.settlement().prove(late, Acceptance.CHANNEL))
                .isEqualTo(new Proof.Impossible("what was paid is refunded, or is being refunded", true));
        fixture.store.refunds().list(late.payment(), null, 10).items().forEach(each -> {
            refundsAreFound(new RefundEvidence.Refunded("5030", each.terms().amount(), null));
            fixture.payments.refunds().sync(each.id());
        });
        assertThat(fixture.payments.settlement().prove(late, Acceptance.CHANNEL))
                .isInstanceOf(Proof.Impossible.class);
        assertThat(settling(late, early, Acceptance.CHANNEL)).isEqualTo(new Settling.Taken());
        assertThat(now(late).state()).isEqualTo(PaymentState.CLOSED);
    }

    @Test
    void aRefundThatBeginsAfterTheProofIsRespected() {
        StoredDiscrepancy late = paidAfterClose();
        Proof.Given proof = proven(late, Acceptance.CHANNEL);
        Payment payment = now(late);
        fixture.payments
                .refunds()
                .request(new RefundRequest(
                        payment,
                        "R1",
                        Money.of(1230, "CNY"),
                        null,
                        null,
                        payment.order().ladder(),
                        null,
                        Sample.sha256("R1")))
                .toCompletableFuture()
                .join();
        assertThat(settling(late, proof, Acceptance.CHANNEL)).isInstanceOf(Settling.Refused.class);
        assertThat(now(late).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(resolution(late)).isNull();
    }

    @Test
    void anotherAmountOfAPaymentThatHasSucceededIsNotAccepted() {
        Payment paid = fixture.placed();
        channelSays(paid(1230, "CNY"));
        fixture.payments.sync(paid.id());
        channelSays(paid(1000, "CNY"));
        fixture.payments.sync(paid.id());
        StoredDiscrepancy other = open();
        assertThat(other.kind()).isEqualTo(DiscrepancyKind.AMOUNT_MISMATCH);
        assertThat(fixture.payments.settlement().prove(other, Acceptance.CHANNEL))
                .isEqualTo(new Proof.Impossible(
                        "it has succeeded with 12.30 CNY as 4200, and the channel answers: paid 10.00 CNY as 4200",
                        true));
    }

    @Test
    void anotherAmountIsAcceptedAsItWasPaid() {
        StoredDiscrepancy other = paidWith(1000, "CNY");
        assertThat(other.kind()).isEqualTo(DiscrepancyKind.AMOUNT_MISMATCH);
        settle(other, Acceptance.CHANNEL);
        assertThat(now(other).state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(now(other).funds().refundable()).isEqualTo(1000);
        assertThat(new String(
                        fixture.notifications.payload(
                                fixture.merchantNotifications().getFirst().id()),
                        java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"amount\":{\"value\":1000,\"currency\":\"CNY\"}");
    }

    @Test
    void moneyOfAnotherAmountGoesBackOnceAndThePaymentFails() {
        StoredDiscrepancy other = paidWith(1000, "CNY");
        fixture.channel.refunding = refund -> new ChannelRefunds.Exchange(
                new RefundEvidence.Refunded("5030", refund.terms().amount(), null), 12, "refunded");
        settle(other, Acceptance.REFUND);
        assertThat(now(other).state()).isEqualTo(PaymentState.FAILED);
        assertThat(now(other).funds()).isEqualTo(new Payment.Funds(1000, 0, 1000));
        assertThat(lastEvent()).isEqualTo("refund.succeeded");
        assertThat(settling(other, Acceptance.REFUND)).isEqualTo(new Settling.Taken());
        assertThat(fixture.channel.calls).filteredOn("refund"::equals).hasSize(1);
    }

    @Test
    void moneyThatCameLateGoesBackWhileThePaymentStaysClosed() {
        StoredDiscrepancy late = paidAfterClose();
        settle(late, Acceptance.REFUND);
        assertThat(now(late).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(now(late).funds()).isEqualTo(new Payment.Funds(1230, 1230, 0));
    }

    @Test
    void whatTheChannelDoesNotProveIsNotAccepted() {
        StoredDiscrepancy late = paidAfterClose();
        channelSays(new Evidence.Unknown("no answer"));
        assertThat(fixture.payments.settlement().prove(late, Acceptance.CHANNEL))
                .isEqualTo(new Proof.Missing("the channel answers: unknown: no answer"));
        channelSays(new Evidence.NotFound("no such order"));
        assertThat(fixture.payments.settlement().prove(late, Acceptance.REFUND)).isInstanceOf(Proof.Missing.class);
    }

    @Test
    void anotherCurrencyIsNotAccepted() {
        StoredDiscrepancy other = paidWith(1230, "USD");
        assertThat(fixture.payments.settlement().prove(other, Acceptance.CHANNEL))
                .isEqualTo(new Proof.Impossible("it was paid in another currency: 12.30 USD"));
    }
}
