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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OrderPlacementTest {
    private final FlowFixture fixture = new FlowFixture();

    @Test
    void aPromptChannelMakesItPayableAtOnce() {
        Payment payment = fixture.placed();
        assertThat(payment.state()).isEqualTo(PaymentState.PAYING);
        assertThat(payment.payUrl()).isEqualTo("https://bank.example/" + payment.id());
        assertThat(fixture.now(payment)).isEqualTo(payment);
        assertThat(payment.expiresAt()).isEqualTo(PaymentSample.T0.plus(PaymentSample.EXPIRES_IN));
        assertThat(fixture.timeline(payment)).containsExactly("payment requested", "placement: waiting for the payer");
    }

    @Test
    void itsQueryIsCommittedWithIt() {
        Payment payment = fixture.placed();
        NewNotification query = fixture.stored.getFirst();
        assertThat(query.id()).isEqualTo(payment.queryId());
        assertThat(query.merchantId()).isEqualTo(FlowFixture.MERCHANT);
        assertThat(query.channel()).isEqualTo("simulator");
        assertThat(query.content().url()).isEqualTo("channel:simulator");
        assertThat(query.content().orderNo()).isEqualTo(payment.id().toString());
        assertThat(query.content().eventType()).isEqualTo("payment.query");
        assertThat(query.dueAt()).isEqualTo(Sample.T0 + 5_000);
    }

    @Test
    void aHangingChannelIsAnsweredWithinASecond() {
        fixture.holding = true;
        CompletableFuture<PlaceResult> answer =
                fixture.payments.place(FlowFixture.request("T1")).toCompletableFuture();
        fixture.time.pass(Duration.ofMillis(899));
        assertThat(answer).isNotDone();
        fixture.time.pass(Duration.ofMillis(1));
        Payment payment = ((PlaceResult.Accepted) answer.join()).payment();
        assertThat(payment.state()).isEqualTo(PaymentState.CREATED);
        assertThat(payment.payUrl()).isNull();

        // The rest continues in the background.
        fixture.held.remove().run();
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.PAYING);
    }

    @Test
    void whatIsNotClearIsLeftToTheQuery() {
        fixture.channel.placing = payment -> new Placement.Unclear("no answer within 5s");
        Payment payment = fixture.placed();
        assertThat(payment.state()).isEqualTo(PaymentState.CREATED);
        assertThat(fixture.timeline(payment)).last().isEqualTo("placement: unknown: no answer within 5s");
        assertThat(payment.access().problem()).isEqualTo("no answer within 5s");

        fixture.channel.placing = p -> new Placement.Placed("https://bank.example/pay");
        fixture.query(payment);
        assertThat(fixture.now(payment).access().problem()).isNull();
    }

    @Test
    void theSameRequestAgainIsAnsweredWithTheFirst() {
        Payment first = fixture.placed("T1");
        PlaceResult again = fixture.payments
                .place(FlowFixture.request("T1"))
                .toCompletableFuture()
                .join();
        assertThat(again).isEqualTo(new PlaceResult.Repeated(first));
        assertThat(fixture.channel.calls).containsExactly("place");
    }

    @Test
    void anotherRequestUnderItsNumberConflicts() {
        Payment first = fixture.placed("T1");
        PaymentRequest other =
                new PaymentRequest(FlowFixture.request("T1").order(), Duration.ofMinutes(1), Sample.sha256("other"));
        assertThat(fixture.payments.place(other).toCompletableFuture().join())
                .isEqualTo(new PlaceResult.Conflicting(first));
    }

    @Test
    void nothingIsPlacedThatIsNotCommitted() {
        fixture.notifications.failing(
                method -> method.equals("take") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        assertThatThrownBy(() -> fixture.payments.place(FlowFixture.request("T1")))
                .isInstanceOf(StoreException.class);
        assertThat(fixture.channel.calls).isEmpty();
        assertThat(fixture.stored).isEmpty();
    }

    @Test
    void aPlacementThatCannotBeWrittenIsAnsweredAsCreated() {
        fixture.notifications.failing(
                method -> method.equals("change") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        assertThat(fixture.placed().state()).isEqualTo(PaymentState.CREATED);
        assertThat(fixture.channel.calls).containsExactly("place");
    }

    @Test
    void anIdThatIsTakenIsReplaced() {
        // Another process has drawn the same random bits: its ids of this millisecond are in use.
        Payment taken = PaymentSample.of(FlowFixture.MERCHANT)
                .build(new PaymentId(
                        new dev.rung.core.model.Ids(fixture.time, new java.util.SplittableRandom(1), 0).next()))
                .payment();
        fixture.store.create(List.of(PaymentSample.of(FlowFixture.MERCHANT).build(taken.id())));
        assertThat(fixture.placed().id()).isNotEqualTo(taken.id());
    }

    @Test
    void optionsAndChannelsAreTheChannels() {
        assertThat(fixture.payments.channels()).containsExactly("simulator");
        assertThat(fixture.payments.checkOptions("simulator", null)).isNull();
        assertThat(fixture.payments.checkOptions("simulator", "{}")).isEqualTo("is not for this channel");
    }
}
