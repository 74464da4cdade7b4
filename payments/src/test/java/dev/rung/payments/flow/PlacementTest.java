package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.NewNotification;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentChannel.Placement;
import dev.rung.payments.port.PaymentSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private final FlowFixture scene = new FlowFixture();

    @Test
    void aPromptChannelMakesItPayableAtOnce() {
        Payment payment = scene.placed();
        assertThat(payment.state()).isEqualTo(PaymentState.PAYING);
        assertThat(payment.payUrl()).isEqualTo("https://bank.example/" + payment.id());
        assertThat(scene.now(payment)).isEqualTo(payment);
        assertThat(payment.expiresAt()).isEqualTo(PaymentSample.T0.plus(PaymentSample.EXPIRES_IN));
        assertThat(scene.story(payment)).containsExactly("payment requested", "placement: waiting for the payer");
    }

    @Test
    void itsQueryIsTheFirstThingTheEngineHearsOf() {
        Payment payment = scene.placed();
        NewNotification query = scene.stored.getFirst();
        assertThat(query.id()).isEqualTo(payment.queryId());
        assertThat(query.merchantId()).isEqualTo(FlowFixture.MERCHANT);
        assertThat(query.channel()).isEqualTo("simulator");
        assertThat(query.content().url()).isEqualTo("channel:simulator");
        assertThat(query.content().orderNo()).isEqualTo(payment.id().toString());
        assertThat(query.content().eventType()).isEqualTo("payment.query");
        assertThat(query.dueAt()).isEqualTo(Sample.T0 + 5_000);
    }

    @Test
    void aChannelThatHangsKeepsNobodyWaitingForAsLongAsASecond() {
        scene.holding = true;
        CompletableFuture<PlaceResult> answer =
                scene.payments.place(FlowFixture.request("T1")).toCompletableFuture();
        scene.time.pass(Duration.ofMillis(899));
        assertThat(answer).isNotDone();
        scene.time.pass(Duration.ofMillis(1));
        Payment payment = ((PlaceResult.Accepted) answer.join()).payment();
        assertThat(payment.state()).isEqualTo(PaymentState.CREATED);
        assertThat(payment.payUrl()).isNull();

        // The rest continues in the background.
        scene.held.remove().run();
        assertThat(scene.now(payment).state()).isEqualTo(PaymentState.PAYING);
    }

    @Test
    void whatIsNotClearIsLeftToTheQuery() {
        scene.channel.placing = payment -> new Placement.Unclear("no answer within 5s");
        Payment payment = scene.placed();
        assertThat(payment.state()).isEqualTo(PaymentState.CREATED);
        assertThat(scene.story(payment)).last().isEqualTo("placement: unknown: no answer within 5s");
    }

    @Test
    void aRefusedOrderHasFailedIfTheChannelHasNone() {
        scene.channel.placing = payment -> new Placement.Rejected("above the limit");
        scene.channel.querying = payment -> TestChannel.NOT_FOUND;
        Payment payment = scene.placed();
        assertThat(payment.state()).isEqualTo(PaymentState.FAILED);
        assertThat(scene.channel.calls).containsExactly("place", "query");
        assertThat(scene.told())
                .singleElement()
                .satisfies(n -> assertThat(n.content().eventType()).isEqualTo("payment.failed"));
    }

    @Test
    void aRefusalIsNotBelievedWhenTheChannelHasTheOrder() {
        scene.channel.placing = payment -> new Placement.Rejected("paid already");
        scene.channel.querying = TestChannel::paid;
        assertThat(scene.placed().state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void aRefusalIsNotBelievedWhenTheChannelCannotBeAsked() {
        scene.channel.placing = payment -> new Placement.Rejected("above the limit");
        scene.channel.querying = payment -> TestChannel.TIMED_OUT;
        Payment payment = scene.placed();
        assertThat(payment.state()).isEqualTo(PaymentState.CREATED);
        assertThat(scene.told()).isEmpty();
    }

    @Test
    void aBugInAChannelIsReportedAndSaysNothingOfThePayment() {
        scene.channel.placing = payment -> {
            throw new IllegalStateException("a bug");
        };
        assertThat(scene.placed().state()).isEqualTo(PaymentState.CREATED);
        assertThat(scene.events).anyMatch(PaymentsEvent.Defect.class::isInstance);
    }

    @Test
    void theSameRequestAgainIsAnsweredWithTheFirst() {
        Payment first = scene.placed("T1");
        PlaceResult again = scene.payments
                .place(FlowFixture.request("T1"))
                .toCompletableFuture()
                .join();
        assertThat(again).isEqualTo(new PlaceResult.Repeated(first));
        assertThat(scene.channel.calls).containsExactly("place");
    }

    @Test
    void anotherRequestUnderItsNumberConflicts() {
        Payment first = scene.placed("T1");
        PaymentRequest other =
                new PaymentRequest(FlowFixture.request("T1").order(), Duration.ofMinutes(1), Sample.sha256("other"));
        assertThat(scene.payments.place(other).toCompletableFuture().join())
                .isEqualTo(new PlaceResult.Conflicting(first));
    }

    @Test
    void nothingIsPlacedThatIsNotCommitted() {
        scene.notifications.failing(
                method -> method.equals("take") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        assertThatThrownBy(() -> scene.payments.place(FlowFixture.request("T1")))
                .isInstanceOf(StoreException.class);
        assertThat(scene.channel.calls).isEmpty();
        assertThat(scene.stored).isEmpty();
    }

    @Test
    void aPlacementThatCannotBeWrittenIsAnsweredAsCreated() {
        scene.notifications.failing(
                method -> method.equals("change") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        assertThat(scene.placed().state()).isEqualTo(PaymentState.CREATED);
        assertThat(scene.channel.calls).containsExactly("place");
    }

    @Test
    void anIdThatIsTakenIsReplaced() {
        // Another process has drawn the same random bits: its ids of this millisecond are in use.
        Payment taken = PaymentSample.of(FlowFixture.MERCHANT)
                .build(new PaymentId(
                        new dev.rung.core.model.Ids(scene.time, new java.util.SplittableRandom(1), 0).next()))
                .payment();
        scene.store.create(List.of(PaymentSample.of(FlowFixture.MERCHANT).build(taken.id())));
        assertThat(scene.placed().id()).isNotEqualTo(taken.id());
    }

    @Test
    void aCrowdDoesNotHoldOnToAChannelThatHangs() {
        List<Runnable> hanging = new ArrayList<>();
        scene.holding = true;
        for (int i = 0; i < 256; i++) {
            scene.payments.place(FlowFixture.request("T" + i));
        }
        // All calls are at the channel when another one arrives.
        scene.channel.placing = payment -> {
            Runnable next = scene.held.poll();
            if (next != null) {
                hanging.add(next);
                next.run();
            } else {
                scene.holding = false;
                Payment last = scene.placed("one more");
                assertThat(last.state()).isEqualTo(PaymentState.CREATED);
                assertThat(scene.story(last)).last().asString().contains("too many orders");
            }
            return new Placement.Unclear("no answer");
        };
        scene.held.remove().run();
        assertThat(hanging).hasSize(255);
        assertThat(scene.channel.calls).hasSize(256);
    }

    @Test
    void optionsAndChannelsAreTheChannels() {
        assertThat(scene.payments.channels()).containsExactly("simulator");
        assertThat(scene.payments.checkOptions("simulator", null)).isNull();
        assertThat(scene.payments.checkOptions("simulator", "{}")).isEqualTo("is not for this channel");
    }
}
