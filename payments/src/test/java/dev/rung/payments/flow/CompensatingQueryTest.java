package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CompensatingQueryTest {
    private final FlowFixture scene = new FlowFixture();

    private static String said(Sender.Result result) {
        return new String(Objects.requireNonNull(result.answer()).body(), StandardCharsets.UTF_8);
    }

    @Test
    void whoeverWaitsForThePayerIsAskedAboutAgain() {
        Payment payment = scene.placed();
        scene.time.pass(Duration.ofSeconds(5));
        Sender.Result result = scene.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(result.error()).isEqualTo("waiting for the payer");
        assertThat(result.exactWait()).isEqualTo(Duration.ofSeconds(30));
        assertThat(said(result)).isEqualTo("query: WAIT_BUYER_PAY");
        assertThat(scene.story(payment)).hasSize(2);
    }

    @Test
    void aSuccessThatNobodyToldUsOfIsRescued() {
        Payment payment = scene.placed();
        scene.channel.querying = TestChannel::paid;
        Sender.Result result = scene.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        Payment paid = scene.now(payment);
        assertThat(paid.state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(paid.channelTradeNo()).isEqualTo("4200");
        assertThat(scene.told())
                .singleElement()
                .satisfies(n -> assertThat(n.content().eventType()).isEqualTo("payment.succeeded"));
        assertThat(scene.stored).hasSize(2);
        assertThat(scene.moved).containsExactly(payment.queryId());
        assertThat(scene.events.stream()
                        .filter(e -> e instanceof PaymentsEvent.Moved m && m.isRescue())
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatIsOverIsNotAskedAbout() {
        Payment payment = scene.placed();
        scene.channel.querying = TestChannel::paid;
        scene.query(payment);
        scene.channel.calls.clear();
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(scene.channel.calls).isEmpty();
    }

    @Test
    void anOrderThatTheChannelDoesNotKnowIsUnknownAndTheChannelIsWell() {
        Payment payment = scene.placed();
        scene.channel.querying = p -> TestChannel.NOT_FOUND;
        Sender.Result result = scene.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(result.error()).isEqualTo("unknown: no such order");
        assertThat(scene.now(payment)).isEqualTo(payment);
    }

    @Test
    void aChannelThatDoesNotAnswerIsNotWell() {
        Payment payment = scene.placed();
        scene.channel.querying = p -> TestChannel.TIMED_OUT;
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.TIMED_OUT);
        scene.channel.querying = p -> TestChannel.UNREACHABLE;
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(scene.now(payment)).isEqualTo(payment);
    }

    @Test
    void whatIsNotKnownToBePlacedIsPlacedAgainFirst() {
        scene.channel.placing = p -> new Placement.Unclear("no answer");
        Payment payment = scene.placed();
        scene.channel.placing = p -> new Placement.Placed("https://bank.example/pay");
        scene.channel.calls.clear();
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(scene.channel.calls).containsExactly("place", "query");
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.PAYING);
        assertThat(scene.now(payment).payUrl()).isEqualTo("https://bank.example/pay");
    }

    @Test
    void whatIsKnownToBePlacedIsPlacedAgainUntilItCanBePaid() {
        scene.channel.placing = p -> new Placement.Unclear("no answer");
        Payment payment = scene.placed();
        scene.query(payment);
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.PAYING);
        assertThat(scene.now(payment).payUrl()).isNull();
        scene.channel.placing = p -> new Placement.Placed("https://bank.example/pay");
        scene.query(payment);
        assertThat(scene.now(payment).payUrl()).isEqualTo("https://bank.example/pay");
    }

    @Test
    void placingAgainInVainDoesNotFillTheStory() {
        scene.channel.placing = p -> new Placement.Unclear("no answer");
        scene.channel.querying = p -> TestChannel.NOT_FOUND;
        Payment payment = scene.placed();
        int before = scene.story(payment).size();
        Sender.Result result = scene.query(payment);
        assertThat(scene.story(payment)).hasSize(before);
        assertThat(said(result)).isEqualTo("place: no answer\nquery: TRADE_NOT_EXIST");
    }

    @Test
    void aPlacementThatTakesTheTimeOfAnAttemptLeavesTheRestToTheNext() {
        scene.channel.placing = p -> new Placement.Unclear("no answer");
        Payment payment = scene.placed();
        scene.channel.placing = p -> {
            scene.time.take(Duration.ofSeconds(3));
            return new Placement.Unclear("no answer");
        };
        scene.channel.calls.clear();
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(scene.channel.calls).containsExactly("place");
    }

    @Test
    void atItsExpiryItIsAskedAboutOnceMoreAndClosed() {
        Payment payment = scene.placed();
        scene.expire(payment);
        scene.channel.calls.clear();
        Sender.Result result = scene.query(payment);
        assertThat(scene.channel.calls).containsExactly("query", "close");
        assertThat(result.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(said(result)).isEqualTo("query: WAIT_BUYER_PAY\nclose: TRADE_CLOSED");
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(scene.store.story(payment.id(), 10).getLast().source()).isEqualTo(ChangeSource.EXPIRY);
        assertThat(scene.told())
                .singleElement()
                .satisfies(n -> assertThat(n.content().eventType()).isEqualTo("payment.closed"));
    }

    @Test
    void whatTurnsOutPaidWhenItIsToBeClosedIsPaid() {
        Payment payment = scene.placed();
        scene.expire(payment);
        scene.channel.closing = TestChannel::paid;
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void itIsNotClosedHereWhileTheChannelHasNotClosedIt() {
        Payment payment = scene.placed();
        scene.expire(payment);
        scene.channel.closing = p -> TestChannel.TIMED_OUT;
        Sender.Result result = scene.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(result.exactWait()).isEqualTo(Duration.ofSeconds(5));
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.PAYING);
    }

    @Test
    void whatIsExpiredIsNotPlacedAnyMore() {
        scene.channel.placing = p -> new Placement.Unclear("no answer");
        Payment payment = scene.placed();
        scene.expire(payment);
        scene.channel.calls.clear();
        scene.query(payment);
        assertThat(scene.channel.calls).containsExactly("query", "close");
    }

    @Test
    void whatIsUnknownForADayIsForAPersonAndAskedAboutEveryHour() {
        Payment payment = scene.placed();
        scene.channel.querying = p -> TestChannel.NOT_FOUND;
        scene.channel.closing = p -> TestChannel.NOT_FOUND;
        scene.expire(payment);
        scene.time.take(Duration.ofHours(24));
        for (int i = 0; i < 3; i++) {
            assertThat(scene.query(payment).exactWait()).isEqualTo(Duration.ofHours(1));
        }
        StoredDiscrepancy finding =
                scene.store.discrepancies(true, null, 10).items().getFirst();
        assertThat(scene.store.openDiscrepancies(10)).isEqualTo(1);
        assertThat(scene.doubted()).containsExactly(finding);
        assertThat(finding.kind()).isEqualTo(DiscrepancyKind.UNRESOLVED);
        assertThat(finding.payment()).isEqualTo(payment.id());
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.PAYING);
    }

    @Test
    void anotherAmountIsNeverASuccess() {
        Payment payment = scene.placed();
        scene.channel.querying =
                p -> new Exchange(new Evidence.Paid("4200", Money.of(1, "CNY"), null), 12, "TRADE_SUCCESS");
        for (int i = 0; i < 3; i++) {
            assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.DECLINED);
        }
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.PAYING);
        assertThat(scene.store.discrepancies(true, null, 10).items())
                .extracting(StoredDiscrepancy::kind)
                .containsExactly(DiscrepancyKind.AMOUNT_MISMATCH);
        assertThat(scene.told()).isEmpty();
    }

    @Test
    void theSameDoubtIsToldOnceAndAnotherOneToo() {
        Payment payment = scene.placed();
        int lines = scene.story(payment).size();
        for (String tradeNo : List.of("4200", "4200", "4200", "4201", "4201", "4200")) {
            scene.channel.querying =
                    p -> new Exchange(new Evidence.Paid(tradeNo, Money.of(1, "CNY"), null), 12, "TRADE_SUCCESS");
            scene.query(payment);
        }
        assertThat(scene.doubted())
                .extracting(StoredDiscrepancy::subject)
                .containsExactly(payment.id() + " 4200", payment.id() + " 4201");
        assertThat(scene.story(payment)).hasSize(lines);
    }

    @Test
    void aDoubtIsToldThoughTheStoreCannotSayWhetherItIsNew() {
        Payment payment = scene.placed();
        scene.channel.querying =
                p -> new Exchange(new Evidence.Paid("4200", Money.of(1, "CNY"), null), 12, "TRADE_SUCCESS");
        scene.notifications.failing(
                method -> method.equals("discrepancy") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        scene.query(payment);
        assertThat(scene.doubted()).hasSize(1);
    }

    @Test
    void aChannelThatHangsHoldsNoAttemptLongerThanItsTime() {
        Payment payment = scene.placed();
        scene.holding = true;
        CompletableFuture<Sender.Result> result = scene.querying(payment).toCompletableFuture();
        scene.time.pass(Duration.ofMillis(4_999));
        assertThat(result).isNotDone();
        scene.time.pass(Duration.ofMillis(1));
        assertThat(result.join().outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(result.join().exactWait()).isNotNull();

        // A later answer still counts.
        scene.channel.querying = TestChannel::paid;
        scene.held.remove().run();
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void aStoreThatIsAwayIsNotTheChannelsFault() {
        Payment payment = scene.placed();
        scene.notifications.failing(
                method -> method.equals("change") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        scene.channel.querying = TestChannel::paid;
        Sender.Result result = scene.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(result.exactWait()).isNotNull();
        scene.notifications.failing(StoreFaults.NONE);
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(scene.told()).hasSize(1);
    }

    @Test
    void whatWasCommittedThoughNobodyHeardIsNotToldTwice() {
        Payment payment = scene.placed();
        scene.channel.querying = TestChannel::paid;
        scene.notifications.failing(
                method -> method.equals("change") ? StoreFaults.Fault.AFTER_COMMIT : StoreFaults.Fault.NONE);
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.DECLINED);
        scene.notifications.failing(StoreFaults.NONE);
        assertThat(scene.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(scene.told()).hasSize(1);
        assertThat(scene.notifications
                        .catalog()
                        .find(payment.queryId())
                        .orElseThrow()
                        .state())
                .isEqualTo(NotificationState.CANCELLED);
    }
}
