package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Callback;
import dev.rung.payments.port.PaymentSample;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrphanCallbackRetrierTest {
    private final FlowFixture fixture = new FlowFixture();

    private String callBack(String body) {
        return fixture.payments
                .callback("simulator", TestChannel.callback(body))
                .orElseThrow()
                .body();
    }

    private void genuinely(String orderNo, Evidence evidence) {
        fixture.channel.reading = body -> new Callback.Verified(orderNo, evidence);
    }

    /** A callback that arrives before the commit of its order. */
    private Payment overtaken() {
        Payment payment = PaymentSample.of(FlowFixture.MERCHANT).build().payment();
        genuinely(payment.id().toString(), TestChannel.paidEvidence(payment));
        callBack("paid");
        return payment;
    }

    private void commit(Payment payment) {
        fixture.store.create(List.of(PaymentSample.of(FlowFixture.MERCHANT).build(payment.id(), payment.queryId())));
    }

    @Test
    void oneThatOvertookItsOrderIsAppliedAMomentLater() {
        Payment payment = overtaken();
        commit(payment);
        fixture.time.pass(Duration.ofSeconds(1));
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(fixture.store.callbacks(payment.id(), 10)).hasSize(1);
        assertThat(fixture.merchantNotifications()).hasSize(1);
        assertThat(fixture.store.openDiscrepancies(10)).isZero();
        StoredDiscrepancy ended =
                fixture.store.discrepancies(false, null, 10).items().getFirst();
        assertThat(ended.resolution()).isNotNull();
        assertThat(ended.resolution().by()).isEqualTo("rung");
    }

    @Test
    void oneThatOvertookItsOrderByMinutesIsAppliedWithinOne() {
        Payment payment = overtaken();
        fixture.time.pass(Duration.ofMinutes(20));
        assertThat(fixture.store.openDiscrepancies(10)).isEqualTo(1);
        commit(payment);
        fixture.time.pass(Duration.ofMinutes(1));
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(fixture.store.openDiscrepancies(10)).isZero();
    }

    @Test
    void theChannelIsQueriedIfTheSignatureIsTooOldByThen() {
        Payment payment = overtaken();
        commit(payment);
        fixture.channel.reading = body -> new Callback.Unverified("the timestamp is 6 minutes off");
        fixture.time.pass(Duration.ofSeconds(1));
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.CREATED);
        assertThat(fixture.madeDueNow).containsExactly(payment.queryId());
        assertThat(fixture.store.openDiscrepancies(10)).isZero();
    }

    @Test
    void anOrderThatStaysUnknownStaysADiscrepancy() {
        overtaken();
        fixture.time.pass(Duration.ofHours(3));
        assertThat(fixture.store.openDiscrepancies(10)).isEqualTo(1);
    }

    @Test
    void manyUnknownOnesHideNoneThatBecomesKnown() {
        for (int i = 0; i < 250; i++) {
            genuinely("T" + i, new Evidence.Paid("4200", PaymentSample.PRICE, null));
            callBack("paid " + i);
        }
        Payment payment = overtaken();
        commit(payment);
        fixture.channel.reading =
                body -> new Callback.Verified(payment.id().toString(), TestChannel.paidEvidence(payment));
        fixture.time.pass(Duration.ofMinutes(1));
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(fixture.store.openDiscrepancies(500)).isEqualTo(250);
    }

    @Test
    void nothingIsRetriedAfterStop() {
        Payment payment = overtaken();
        fixture.time.pass(Duration.ofSeconds(5));
        fixture.payments.stop();
        commit(payment);
        fixture.time.pass(Duration.ofMinutes(5));
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.CREATED);
    }
}
