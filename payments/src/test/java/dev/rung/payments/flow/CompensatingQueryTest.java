package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CompensatingQueryTest {
    private final FlowFixture fixture = new FlowFixture();

    private static String said(Sender.Result result) {
        return new String(Objects.requireNonNull(result.answer()).body(), StandardCharsets.UTF_8);
    }

    @Test
    void anUnpaidPaymentIsQueriedAgain() {
        Payment payment = fixture.placed();
        fixture.time.pass(Duration.ofSeconds(5));
        Sender.Result result = fixture.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(result.error()).isEqualTo("waiting for the payer");
        assertThat(result.exactWait()).isEqualTo(Duration.ofSeconds(30));
        assertThat(said(result)).isEqualTo("query: WAIT_BUYER_PAY");
        assertThat(fixture.timeline(payment)).hasSize(2);
    }

    @Test
    void aSuccessWithoutCallbackIsFound() {
        Payment payment = fixture.placed();
        fixture.channel.querying = TestChannel::paid;
        Sender.Result result = fixture.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        Payment paid = fixture.now(payment);
        assertThat(paid.state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(paid.channelTradeNo()).isEqualTo("4200");
        assertThat(fixture.merchantNotifications())
                .singleElement()
                .satisfies(n -> assertThat(n.content().eventType()).isEqualTo("payment.succeeded"));
        assertThat(fixture.stored).hasSize(2);
        assertThat(fixture.changed).containsExactly(payment.queryId());
        assertThat(fixture.events.stream()
                        .filter(e -> e instanceof PaymentsEvent.StateChanged m && m.isFoundByQuery())
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aFinalPaymentIsNotQueried() {
        Payment payment = fixture.placed();
        fixture.channel.querying = TestChannel::paid;
        fixture.query(payment);
        fixture.channel.calls.clear();
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(fixture.channel.calls).isEmpty();
    }

    @Test
    void anUnknownOrderIsNoFailureOfTheChannel() {
        Payment payment = fixture.placed();
        fixture.channel.querying = p -> TestChannel.NOT_FOUND;
        Sender.Result result = fixture.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(result.error()).isEqualTo("not found: no such order");
        assertThat(fixture.now(payment)).isEqualTo(payment);
    }

    @Test
    void aChannelThatDoesNotAnswerIsNotWell() {
        Payment payment = fixture.placed();
        fixture.channel.querying = p -> TestChannel.TIMED_OUT;
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.TIMED_OUT);
        fixture.channel.querying = p -> TestChannel.UNREACHABLE;
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(fixture.now(payment)).isEqualTo(payment);
    }

    @Test
    void whatIsNotKnownToBePlacedIsPlacedAgainFirst() {
        fixture.channel.placing = p -> new Placement.Unclear("no answer");
        Payment payment = fixture.placed();
        fixture.channel.placing = p -> new Placement.Placed("https://bank.example/pay");
        fixture.channel.calls.clear();
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(fixture.channel.calls).containsExactly("place", "query");
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.PAYING);
        assertThat(fixture.now(payment).payUrl()).isEqualTo("https://bank.example/pay");
    }

    @Test
    void whatIsKnownToBePlacedIsPlacedAgainUntilItCanBePaid() {
        fixture.channel.placing = p -> new Placement.Unclear("no answer");
        Payment payment = fixture.placed();
        fixture.query(payment);
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.PAYING);
        assertThat(fixture.now(payment).payUrl()).isNull();
        fixture.channel.placing = p -> new Placement.Placed("https://bank.example/pay");
        fixture.query(payment);
        assertThat(fixture.now(payment).payUrl()).isEqualTo("https://bank.example/pay");
    }

    @Test
    void placingAgainInVainDoesNotFillTheStory() {
        fixture.channel.placing = p -> new Placement.Unclear("no answer");
        fixture.channel.querying = p -> TestChannel.NOT_FOUND;
        Payment payment = fixture.placed();
        int before = fixture.timeline(payment).size();
        Sender.Result result = fixture.query(payment);
        assertThat(fixture.timeline(payment)).hasSize(before);
        assertThat(said(result)).isEqualTo("place: no answer\nquery: TRADE_NOT_EXIST");
    }

    @Test
    void aPlacementThatTakesTheTimeOfAnAttemptLeavesTheRestToTheNext() {
        fixture.channel.placing = p -> new Placement.Unclear("no answer");
        Payment payment = fixture.placed();
        fixture.channel.placing = p -> {
            fixture.time.take(Duration.ofSeconds(3));
            return new Placement.Unclear("no answer");
        };
        fixture.channel.calls.clear();
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(fixture.channel.calls).containsExactly("place");
    }

    @Test
    void atItsExpiryItIsAskedAboutOnceMoreAndClosed() {
        Payment payment = fixture.placed();
        fixture.expire(payment);
        fixture.channel.calls.clear();
        Sender.Result result = fixture.query(payment);
        assertThat(fixture.channel.calls).containsExactly("query", "close");
        assertThat(result.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(said(result)).isEqualTo("query: WAIT_BUYER_PAY\nclose: TRADE_CLOSED");
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(fixture.store.timeline(payment.id(), 10).getLast().source()).isEqualTo(ChangeSource.EXPIRY);
        assertThat(fixture.merchantNotifications())
                .singleElement()
                .satisfies(n -> assertThat(n.content().eventType()).isEqualTo("payment.closed"));
    }

    @Test
    void whatTurnsOutPaidWhenItIsToBeClosedIsPaid() {
        Payment payment = fixture.placed();
        fixture.expire(payment);
        fixture.channel.closing = TestChannel::paid;
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void itIsNotClosedHereWhileTheChannelHasNotClosedIt() {
        Payment payment = fixture.placed();
        fixture.expire(payment);
        fixture.channel.closing = p -> TestChannel.TIMED_OUT;
        Sender.Result result = fixture.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(result.exactWait()).isEqualTo(Duration.ofSeconds(5));
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.PAYING);
    }

    @Test
    void whatIsExpiredIsNotPlacedAnyMore() {
        fixture.channel.placing = p -> new Placement.Unclear("no answer");
        Payment payment = fixture.placed();
        fixture.expire(payment);
        fixture.channel.calls.clear();
        fixture.query(payment);
        assertThat(fixture.channel.calls).containsExactly("query", "close");
    }

    @Test
    void anUnknownStateIsADiscrepancyAfterADayAndQueriedHourly() {
        Payment payment = fixture.placed();
        fixture.channel.querying = p -> TestChannel.NOT_FOUND;
        fixture.channel.closing = p -> TestChannel.NOT_FOUND;
        fixture.expire(payment);
        fixture.time.take(Duration.ofHours(24));
        for (int i = 0; i < 3; i++) {
            assertThat(fixture.query(payment).exactWait()).isEqualTo(Duration.ofHours(1));
        }
        StoredDiscrepancy finding =
                fixture.store.discrepancies(true, null, 10).items().getFirst();
        assertThat(fixture.store.openDiscrepancies(10)).isEqualTo(1);
        assertThat(fixture.reportedDiscrepancies()).containsExactly(finding);
        assertThat(finding.kind()).isEqualTo(DiscrepancyKind.UNRESOLVED);
        assertThat(finding.payment()).isEqualTo(payment.id());
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.PAYING);
    }
}
