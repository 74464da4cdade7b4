package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentChannel.Exchange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Payments by the payer's code, which the channel charges once. */
class BarcodeTest {
    private static final String CHARGE = "charge 134650109137345678";

    private final FlowFixture fixture = new FlowFixture();

    private Payment charged() {
        return ((PlaceResult.Accepted) fixture.payments
                        .place(FlowFixture.charge("T1"))
                        .toCompletableFuture()
                        .join())
                .payment();
    }

    private void charging(Evidence evidence) {
        fixture.channel.charging = payment -> new Exchange(evidence, 12, "said");
    }

    @Test
    void aPromptChannelIsAnsweredWithItsResult() {
        Payment payment = charged();
        assertThat(payment.state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(fixture.channel.calls).containsExactly(CHARGE);
        assertThat(fixture.merchantNotifications()).hasSize(1);
    }

    @Test
    void aChannelThatDoesNotAnswerIsAnsweredAsPayingAfterFiveSeconds() {
        fixture.holding = true;
        CompletableFuture<PlaceResult> answer =
                fixture.payments.place(FlowFixture.charge("T1")).toCompletableFuture();
        fixture.time.pass(Duration.ofMillis(4_999));
        assertThat(answer).isNotDone();
        fixture.time.pass(Duration.ofMillis(1));
        assertThat(((PlaceResult.Accepted) answer.join()).payment().state()).isEqualTo(PaymentState.PAYING);
    }

    @Test
    void aPayerWhoHasToConfirmIsQueried() {
        charging(new Evidence.Unpaid());
        Payment payment = charged();
        assertThat(payment.state()).isEqualTo(PaymentState.PAYING);
        fixture.channel.querying = TestChannel::paid;
        fixture.query(payment);
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void theCodeIsChargedOnceWhateverIsKnownOfIt() {
        charging(new Evidence.Unknown("no answer within 5s"));
        Payment payment = charged();
        assertThat(payment.state()).isEqualTo(PaymentState.PAYING);
        fixture.channel.querying = p -> TestChannel.NOT_FOUND;
        fixture.query(payment);
        fixture.query(payment);
        assertThat(fixture.channel.calls).containsExactly(CHARGE, "query", "query");
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.PAYING);
    }

    @Test
    void whatTheChannelNeverSaysIsCancelled() {
        charging(new Evidence.Unknown("no answer within 5s"));
        fixture.channel.querying = p -> TestChannel.TIMED_OUT;
        Payment payment = charged();
        fixture.expire(payment);
        fixture.query(payment);
        assertThat(fixture.channel.calls).containsExactly(CHARGE, "query", "close");
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.CLOSED);
    }

    @Test
    void aRefusalThatTheChannelConfirmsIsAFailure() {
        charging(new Evidence.Rejected("the code has expired"));
        fixture.channel.querying = p -> TestChannel.NOT_FOUND;
        Payment payment = charged();
        assertThat(payment.state()).isEqualTo(PaymentState.FAILED);
        assertThat(payment.access().problem()).isEqualTo("the code has expired");
    }

    @Test
    void anOrderThatARefusedChargeLeftOpenIsCancelledBeforeItCounts() {
        charging(new Evidence.Rejected("the balance is too low"));
        Payment payment = charged();
        assertThat(fixture.channel.calls).containsExactly(CHARGE, "query", "close");
        assertThat(payment.state()).isEqualTo(PaymentState.FAILED);
    }

    @Test
    void aRefusalOfWhatWasPaidIsASuccess() {
        charging(new Evidence.Rejected("the code was used"));
        fixture.channel.querying = TestChannel::paid;
        assertThat(charged().state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void aRefusalWithoutConfirmationIsNone() {
        charging(new Evidence.Rejected("the code has expired"));
        fixture.channel.querying = p -> TestChannel.TIMED_OUT;
        assertThat(charged().state()).isEqualTo(PaymentState.PAYING);
    }

    @Test
    void theCodeIsNotInWhatIsStoredOrPrinted() {
        charging(new Evidence.Unknown("no answer within 5s"));
        PaymentRequest request = FlowFixture.charge("T1");
        Payment payment = charged();
        assertThat(request.toString()).doesNotContain("134650109137345678");
        assertThat(fixture.now(payment) + " " + fixture.timeline(payment) + " " + fixture.events)
                .doesNotContain("134650109137345678");
    }
}
