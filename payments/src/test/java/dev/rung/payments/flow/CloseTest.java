package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Outcome;
import dev.rung.payments.flow.Payments.Closing;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentChannel.Exchange;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CloseTest {
    private final FlowFixture fixture = new FlowFixture();

    @Test
    void itIsAskedAboutThenClosedThereThenHere() {
        Payment payment = fixture.placed();
        fixture.channel.calls.clear();
        Closing closing = fixture.payments.close(payment.id());
        assertThat(fixture.channel.calls).containsExactly("query", "close");
        assertThat(closing).isEqualTo(new Closing.Closed(fixture.now(payment)));
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(fixture.merchantNotifications()).hasSize(1);
        assertThat(fixture.changed).containsExactly(payment.queryId());
    }

    @Test
    void closingAClosedOneChangesNothing() {
        Payment payment = fixture.placed();
        fixture.payments.close(payment.id());
        fixture.channel.calls.clear();
        assertThat(fixture.payments.close(payment.id())).isEqualTo(new Closing.Closed(fixture.now(payment)));
        assertThat(fixture.channel.calls).isEmpty();
        assertThat(fixture.merchantNotifications()).hasSize(1);
    }

    @Test
    void whatTheLastQueryFindsPaidIsNotClosed() {
        Payment payment = fixture.placed();
        fixture.channel.querying = TestChannel::paid;
        assertThat(fixture.payments.close(payment.id())).isEqualTo(new Closing.AlreadyFinal(fixture.now(payment)));
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(fixture.channel.calls).doesNotContain("close");
    }

    @Test
    void whatIsPaidInTheVeryMomentIsPaid() {
        Payment payment = fixture.placed();
        fixture.channel.closing = TestChannel::paid;
        assertThat(fixture.payments.close(payment.id())).isInstanceOf(Closing.AlreadyFinal.class);
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void aFailedOneIsOver() {
        Payment payment = fixture.placed();
        fixture.channel.querying = p -> new Exchange(new Evidence.Failed("turned down"), 3, "PAYERROR");
        assertThat(fixture.payments.close(payment.id())).isEqualTo(new Closing.AlreadyFinal(fixture.now(payment)));
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.FAILED);
    }

    @Test
    void whatTheChannelDoesNotCloseIsClosedAsSoonAsItDoes() {
        Payment payment = fixture.placed();
        fixture.channel.closing = p -> TestChannel.TIMED_OUT;
        fixture.time.pass(Duration.ofSeconds(2));
        Closing closing = fixture.payments.close(payment.id());
        Payment wanted = fixture.now(payment);
        assertThat(closing).isEqualTo(new Closing.Requested(wanted));
        assertThat(wanted.state()).isEqualTo(PaymentState.PAYING);
        assertThat(wanted.closeRequestedAt()).isEqualTo(fixture.time.instant());
        assertThat(fixture.madeDueNow).containsExactly(payment.queryId());
        assertThat(fixture.timeline(payment)).last().isEqualTo("close requested; the channel has not closed it yet");

        fixture.channel.closing = p -> TestChannel.CLOSED;
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(fixture.store.timeline(payment.id(), 10).getLast().source()).isEqualTo(ChangeSource.CLOSE);
    }

    @Test
    void theFirstWishCountsHoweverOftenItIsRepeated() {
        Payment payment = fixture.placed();
        fixture.channel.closing = p -> TestChannel.TIMED_OUT;
        fixture.payments.close(payment.id());
        Payment first = fixture.now(payment);
        fixture.time.pass(Duration.ofSeconds(10));
        fixture.payments.close(payment.id());
        assertThat(fixture.now(payment).closeRequestedAt()).isEqualTo(first.closeRequestedAt());
    }

    @Test
    void whatIsNotThereCannotBeClosed() {
        assertThat(fixture.payments.close(new PaymentId(5))).isEqualTo(new Closing.Unknown());
    }

    @Test
    void aPaymentMadeAfterTheCloseIsForAPerson() {
        Payment payment = fixture.placed();
        fixture.payments.close(payment.id());
        fixture.channel.querying = TestChannel::paid;
        assertThat(fixture.payments.sync(payment.id()).orElseThrow().state()).isEqualTo(PaymentState.CLOSED);
        assertThat(fixture.store.openDiscrepancies(10)).isEqualTo(1);
        assertThat(fixture.merchantNotifications()).hasSize(1);
    }

    @Test
    void syncQueriesAtOnceAndAlwaysAddsToTheTimeline() {
        Payment payment = fixture.placed();
        assertThat(fixture.payments.sync(payment.id())).contains(payment);
        assertThat(fixture.timeline(payment)).last().isEqualTo("query: waiting for the payer");
        fixture.channel.querying = TestChannel::paid;
        assertThat(fixture.payments.sync(payment.id()).orElseThrow().state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(fixture.store.timeline(payment.id(), 10).getLast().answer()).isEqualTo("TRADE_SUCCESS");
        assertThat(fixture.payments.sync(new PaymentId(5))).isEmpty();
    }
}
