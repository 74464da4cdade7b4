package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Callback;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Refunds made at the channel, which the payment learns of by a callback. */
class ChannelRefundsTest extends RefundsFixture {

    @Test
    void theOrderMayBeNamedByTheChannelsTradeNumber() {
        fixture.channel.reading = body -> new Callback.VerifiedRefund("4200", "re_1", refunded(500));
        fixture.payments.callback("simulator", TestChannel.callback("made in the dashboard"));
        assertThat(fixture.store.refunds().findChannelMade(payment.id(), "re_1"))
                .isPresent();
        assertThat(fixture.now(payment).funds().refunded()).isEqualTo(500);
    }

    @Test
    void whatIsAboutNothingHereIsAcknowledgedAndNotKept() {
        fixture.channel.reading = body -> new Callback.Irrelevant();
        assertThat(fixture.payments.callback("simulator", TestChannel.callback("customer.created")))
                .contains(fixture.channel.acknowledgement(true));
        assertThat(fixture.store.unverified("simulator", Long.MAX_VALUE, 10)).isEmpty();
        assertThat(fixture.store.discrepancies(false, null, 10).items()).isEmpty();
    }

    @Test
    void aRefundMadeAtTheChannelIsRecordedOnceAndTold() {
        assertThat(callBack("C77", refunded(300))).isEqualTo("success");
        assertThat(callBack("C77", refunded(300))).isEqualTo("success");
        Refund made =
                fixture.store.refunds().findChannelMade(payment.id(), "C77").orElseThrow();
        assertThat(made.state()).isEqualTo(RefundState.SUCCEEDED);
        assertThat(made.terms().outRefundNo()).isNull();
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 0, 300));
        assertThat(fixture.merchantNotifications()).hasSize(2);
        assertThat(lastPayload()).contains("\"out_refund_no\":null").contains("\"channel_refund_no\":\"5030\"");
        assertThat(fixture.reportedDiscrepancies()).isEmpty();
        assertThat(request("R1", 931)).isInstanceOf(RefundResult.Exceeding.class);
    }

    @Test
    void aRefundMadeAtTheChannelOfWhichTheCallbackSaysLittleIsQueried() {
        queriesFind(refunded(300));
        assertThat(callBack("C77", new RefundEvidence.Unknown("something changed")))
                .isEqualTo("success");
        assertThat(fixture.store.refunds().findChannelMade(payment.id(), "C77")).isPresent();
    }

    @Test
    void moreRefundedAtTheChannelThanWasPaidIsADiscrepancy() {
        answers(refunded(1000));
        accepted("R1", 1000);
        callBack("C77", refunded(300));
        assertThat(fixture.reportedDiscrepancies())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.REFUND_EXCEEDS));
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 0, 1300));
    }

    @Test
    void aRefundMadeAtTheChannelInAnotherCurrencyIsNotCounted() {
        RefundEvidence dollars = new RefundEvidence.Refunded("5030", Money.of(300, "USD"), REFUNDED_AT);
        assertThat(callBack("C77", dollars)).isEqualTo("success");
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 0, 0));
        assertThat(fixture.store.refunds().findChannelMade(payment.id(), "C77")).isEmpty();
        assertThat(fixture.store.callbacks(payment.id(), 10)).hasSize(1);
        assertThat(fixture.reportedDiscrepancies())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.AMOUNT_MISMATCH));
    }

    @Test
    void aRefundAtTheChannelOfWhatIsNotPaidHereIsADiscrepancy() {
        fixture.channel.querying = p -> TestChannel.UNPAID;
        Payment paying = fixture.placed("T3");
        fixture.channel.reading =
                body -> new Callback.VerifiedRefund(paying.id().toString(), "C1", refunded(300));
        fixture.payments.callback("simulator", TestChannel.callback("refunded"));
        assertThat(fixture.reportedDiscrepancies())
                .singleElement()
                .satisfies(d -> assertThat(d.kind()).isEqualTo(DiscrepancyKind.REFUND_EXCEEDS));
    }

    @Test
    void ofManyOrphansEachIsRetriedSoonOnItsOwn() {
        queriesFind(new RefundEvidence.NotFound("no such refund"));
        for (int i = 0; i < 5; i++) {
            callBack("C" + i, new RefundEvidence.Unknown("something changed"));
        }
        fixture.channel.calls.clear();
        fixture.time.pass(Duration.ofSeconds(2));
        assertThat(fixture.channel.calls).filteredOn("refund query"::equals).hasSize(5);
    }

    @Test
    void aCallbackOfAnUnknownRefundWaitsWithADiscrepancy() {
        queriesFind(new RefundEvidence.NotFound("no such refund"));
        assertThat(callBack("C77", new RefundEvidence.Unknown("something changed")))
                .isEqualTo("success");
        StoredDiscrepancy stray =
                fixture.store.discrepancies(true, null, 10).items().getFirst();
        assertThat(stray.kind()).isEqualTo(DiscrepancyKind.UNKNOWN_ORDER);
        assertThat(stray.subject()).isEqualTo(payment.id() + " C77");
        queriesFind(refunded(300));
        fixture.time.pass(Duration.ofMinutes(1));
        assertThat(fixture.store.refunds().findChannelMade(payment.id(), "C77")).isPresent();
        assertThat(fixture.store.openDiscrepancies(10)).isZero();
    }

    @Test
    void aRefundProvesThatItsPaymentWasPaid() {
        fixture.channel.querying = p -> TestChannel.UNPAID;
        Payment paying = fixture.placed("T3");
        fixture.channel.reading = body ->
                new Callback.VerifiedRefund(paying.id().toString(), "C1", new RefundEvidence.Unknown("changed"));
        fixture.payments.callback("simulator", TestChannel.callback("refunded"));
        assertThat(fixture.madeDueNow).contains(paying.queryId());
    }
}
