package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.flow.DiscrepancySettlement.Proof;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel.Exchange;
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
        Proof proof = fixture.payments.settlement().prove(discrepancy, acceptance);
        assertThat(proof).isInstanceOf(Proof.Given.class);
        assertThat(fixture.payments.settlement().settle(discrepancy, acceptance, (Proof.Given) proof, "by alice"))
                .isNull();
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
        // A crash may have come between the payment and the discrepancy: it is repeated.
        settle(late, Acceptance.CHANNEL);
        assertThat(fixture.merchantNotifications()).hasSize(2);
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
        settle(other, Acceptance.REFUND);
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
