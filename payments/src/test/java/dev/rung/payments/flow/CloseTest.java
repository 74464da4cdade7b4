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
    private final FlowFixture scene = new FlowFixture();

    @Test
    void itIsAskedAboutThenClosedThereThenHere() {
        Payment payment = scene.placed();
        scene.channel.calls.clear();
        Closing closing = scene.payments.close(payment.id());
        assertThat(scene.channel.calls).containsExactly("query", "close");
        assertThat(closing).isEqualTo(new Closing.Closed(scene.now(payment)));
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(scene.told()).hasSize(1);
        assertThat(scene.moved).containsExactly(payment.queryId());
    }

    @Test
    void closingAClosedOneChangesNothing() {
        Payment payment = scene.placed();
        scene.payments.close(payment.id());
        scene.channel.calls.clear();
        assertThat(scene.payments.close(payment.id())).isEqualTo(new Closing.Closed(scene.now(payment)));
        assertThat(scene.channel.calls).isEmpty();
        assertThat(scene.told()).hasSize(1);
    }

    @Test
    void whatTheLastQueryFindsPaidIsNotClosed() {
        Payment payment = scene.placed();
        scene.channel.querying = TestChannel::paid;
        assertThat(scene.payments.close(payment.id())).isEqualTo(new Closing.Over(scene.now(payment)));
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(scene.channel.calls).doesNotContain("close");
    }

    @Test
    void whatIsPaidInTheVeryMomentIsPaid() {
        Payment payment = scene.placed();
        scene.channel.closing = TestChannel::paid;
        assertThat(scene.payments.close(payment.id())).isInstanceOf(Closing.Over.class);
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void aFailedOneIsOver() {
        Payment payment = scene.placed();
        scene.channel.querying = p -> new Exchange(new Evidence.Failed("turned down"), 3, "PAYERROR");
        assertThat(scene.payments.close(payment.id())).isEqualTo(new Closing.Over(scene.now(payment)));
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.FAILED);
    }

    @Test
    void whatTheChannelDoesNotCloseIsClosedAsSoonAsItDoes() {
        Payment payment = scene.placed();
        scene.channel.closing = p -> TestChannel.TIMED_OUT;
        scene.time.pass(Duration.ofSeconds(2));
        Closing closing = scene.payments.close(payment.id());
        Payment wanted = scene.now(payment);
        assertThat(closing).isEqualTo(new Closing.Wanted(wanted));
        assertThat(wanted.state()).isEqualTo(PaymentState.PAYING);
        assertThat(wanted.closeRequestedAt()).isEqualTo(scene.time.instant());
        assertThat(scene.hastened).containsExactly(payment.queryId());
        assertThat(scene.story(payment)).last().isEqualTo("close requested; the channel has not closed it yet");

        scene.channel.closing = p -> TestChannel.CLOSED;
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(scene.store.story(payment.id(), 10).getLast().source()).isEqualTo(ChangeSource.CLOSE);
    }

    @Test
    void theFirstWishCountsHoweverOftenItIsRepeated() {
        Payment payment = scene.placed();
        scene.channel.closing = p -> TestChannel.TIMED_OUT;
        scene.payments.close(payment.id());
        Payment first = scene.now(payment);
        scene.time.pass(Duration.ofSeconds(10));
        scene.payments.close(payment.id());
        assertThat(scene.now(payment).closeRequestedAt()).isEqualTo(first.closeRequestedAt());
    }

    @Test
    void whatIsNotThereCannotBeClosed() {
        assertThat(scene.payments.close(new PaymentId(5))).isEqualTo(new Closing.Unknown());
    }

    @Test
    void aPaymentMadeAfterTheCloseIsForAPerson() {
        Payment payment = scene.placed();
        scene.payments.close(payment.id());
        scene.channel.querying = TestChannel::paid;
        assertThat(scene.payments.sync(payment.id()).orElseThrow().state()).isEqualTo(PaymentState.CLOSED);
        assertThat(scene.store.openDiscrepancies(10)).isEqualTo(1);
        assertThat(scene.told()).hasSize(1);
    }

    @Test
    void syncAsksAtOnceAndTellsTheStoryInAnyCase() {
        Payment payment = scene.placed();
        assertThat(scene.payments.sync(payment.id())).contains(payment);
        assertThat(scene.story(payment)).last().isEqualTo("query: waiting for the payer");
        scene.channel.querying = TestChannel::paid;
        assertThat(scene.payments.sync(payment.id()).orElseThrow().state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(scene.store.story(payment.id(), 10).getLast().answer()).isEqualTo("TRADE_SUCCESS");
        assertThat(scene.payments.sync(new PaymentId(5))).isEmpty();
    }
}
