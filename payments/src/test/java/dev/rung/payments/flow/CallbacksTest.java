package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.memory.StoreFaults;
import dev.rung.core.port.StoreException;
import dev.rung.payments.flow.PaymentsEvent.CallbackReceived;
import dev.rung.payments.flow.PaymentsEvent.CallbackReceived.CallbackResult;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Callback;
import dev.rung.payments.port.PaymentSample;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallbacksTest {
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

    private List<CallbackResult> results() {
        return fixture.events.stream()
                .filter(CallbackReceived.class::isInstance)
                .map(e -> ((CallbackReceived) e).result())
                .toList();
    }

    @Test
    void aGenuineOneIsAppliedKeptAndAcknowledged() {
        Payment payment = fixture.placed();
        genuinely(payment.id().toString(), TestChannel.paidEvidence(payment));
        assertThat(callBack("paid")).isEqualTo("success");
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
        StoredCallback kept = fixture.store.callbacks(payment.id(), 10).getFirst();
        assertThat(new String(kept.body(), StandardCharsets.UTF_8)).isEqualTo("paid");
        assertThat(kept.headers()).isEqualTo("signature: abc\ntimestamp: 123");
        assertThat(kept.verdict()).isEqualTo("paid 12.30 CNY as 4200; the payment is succeeded");
        assertThat(fixture.merchantNotifications()).hasSize(1);
        assertThat(fixture.stored.getLast().merchantId()).isEqualTo(FlowFixture.MERCHANT);
        assertThat(fixture.changed).containsExactly(payment.queryId());
        assertThat(results()).containsExactly(CallbackResult.APPLIED);
    }

    @Test
    void aRepeatedOneIsAcknowledgedAndAppliedOnce() {
        Payment payment = fixture.placed();
        genuinely(payment.id().toString(), TestChannel.paidEvidence(payment));
        for (int i = 0; i < 3; i++) {
            assertThat(callBack("paid")).isEqualTo("success");
        }
        assertThat(callBack("paid, told otherwise")).isEqualTo("success");
        assertThat(fixture.merchantNotifications()).hasSize(1);
        assertThat(fixture.store.callbacks(payment.id(), 10)).hasSize(2);
        assertThat(fixture.now(payment).version()).isEqualTo(3);
        assertThat(results())
                .containsExactly(
                        CallbackResult.APPLIED,
                        CallbackResult.UNCHANGED,
                        CallbackResult.UNCHANGED,
                        CallbackResult.UNCHANGED);
    }

    @Test
    void aForgedOneIsKeptAndNotBelieved() {
        Payment payment = fixture.placed();
        assertThat(callBack(payment.id() + " paid")).isEqualTo("failure");
        assertThat(fixture.now(payment)).isEqualTo(payment);
        assertThat(fixture.store.callbacks(payment.id(), 10)).isEmpty();
        StoredCallback kept =
                fixture.store.unverified("simulator", Long.MAX_VALUE, 10).getFirst();
        assertThat(kept.verdict()).isEqualTo("the signature is wrong");
        assertThat(kept.verified()).isFalse();
        assertThat(results()).containsExactly(CallbackResult.UNVERIFIED);
    }

    @Test
    void ofForgedOnesTheLastThousandAreKept() {
        for (int i = 0; i < 1_003; i++) {
            callBack("forged " + i);
        }
        assertThat(fixture.store.unverified("simulator", Long.MAX_VALUE, 5_000)).hasSize(1_000);
    }

    @Test
    void anotherAmountIsADiscrepancyAndAcknowledged() {
        Payment payment = fixture.placed();
        genuinely(payment.id().toString(), new Evidence.Paid("4200", Money.of(1, "CNY"), null));
        assertThat(callBack("paid")).isEqualTo("success");
        assertThat(callBack("paid")).isEqualTo("success");
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.PAYING);
        assertThat(fixture.store.discrepancies(true, null, 10).items())
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.kind()).isEqualTo(DiscrepancyKind.AMOUNT_MISMATCH);
                    assertThat(d.payment()).isEqualTo(payment.id());
                });
        assertThat(results()).containsExactly(CallbackResult.DISCREPANCY, CallbackResult.DISCREPANCY);
        assertThat(fixture.reportedDiscrepancies()).hasSize(1);
    }

    @Test
    void nothingIsAcknowledgedThatIsNotCommitted() {
        Payment payment = fixture.placed();
        genuinely(payment.id().toString(), TestChannel.paidEvidence(payment));
        fixture.notifications.failing(
                method -> method.equals("change") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        assertThatThrownBy(() -> callBack("paid")).isInstanceOf(StoreException.class);
        assertThat(fixture.stored).hasSize(1);
    }

    @Test
    void thereIsNoSuchChannel() {
        assertThat(fixture.payments.callback("unknown", TestChannel.callback("paid")))
                .isEmpty();
    }

    @Test
    void anUnknownOrderIsADiscrepancyAndAcknowledged() {
        for (String number : List.of("T1001", new PaymentId(5).toString())) {
            genuinely(number, new Evidence.Paid("4200", PaymentSample.PRICE, null));
            assertThat(callBack("paid " + number)).isEqualTo("success");
            assertThat(callBack("paid " + number)).isEqualTo("success");
        }
        assertThat(fixture.store.discrepancies(true, null, 10).items())
                .extracting(StoredDiscrepancy::subject)
                .containsExactly(new PaymentId(5).toString(), "T1001");
        assertThat(fixture.store.orphans(0, 10)).hasSize(2);
        assertThat(fixture.reportedDiscrepancies()).hasSize(2);
    }

    @Test
    void anotherChannelsPaymentIsUnknownToThisOne() {
        Payment others =
                PaymentSample.of(FlowFixture.MERCHANT).channel("alipay").build().payment();
        fixture.store.create(
                List.of(PaymentSample.of(FlowFixture.MERCHANT).channel("alipay").build(others.id())));
        genuinely(others.id().toString(), TestChannel.paidEvidence(others));
        callBack("paid");
        assertThat(fixture.now(others).state()).isEqualTo(PaymentState.CREATED);
        assertThat(fixture.store.orphans(0, 10)).hasSize(1);
    }
}
