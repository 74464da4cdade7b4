package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardedChannelTest {
    private final FlowFixture fixture = new FlowFixture();

    @Test
    void aRefusedOrderHasFailedIfTheChannelHasNone() {
        fixture.channel.placing = payment -> new Placement.Rejected("above the limit");
        fixture.channel.querying = payment -> TestChannel.NOT_FOUND;
        Payment payment = fixture.placed();
        assertThat(payment.state()).isEqualTo(PaymentState.FAILED);
        assertThat(fixture.channel.calls).containsExactly("place", "query");
        assertThat(fixture.merchantNotifications())
                .singleElement()
                .satisfies(n -> assertThat(n.content().eventType()).isEqualTo("payment.failed"));
    }

    @Test
    void aRefusalIsNotBelievedWhenTheChannelHasTheOrder() {
        fixture.channel.placing = payment -> new Placement.Rejected("paid already");
        fixture.channel.querying = TestChannel::paid;
        assertThat(fixture.placed().state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    /** A gateway's error page, or a response without a valid signature, is no evidence that the order does not exist. */
    @Test
    void aRejectionIsNotConfirmedByAResponseThatProvesNothing() {
        fixture.channel.placing = payment -> new Placement.Rejected("above the limit");
        fixture.channel.querying = payment ->
                new Exchange(new Evidence.Unknown("the signature is wrong"), 12, "<html>502 Bad Gateway</html>");
        Payment payment = fixture.placed();
        assertThat(payment.state()).isEqualTo(PaymentState.CREATED);
        assertThat(fixture.merchantNotifications()).isEmpty();
    }

    @Test
    void aRefusalIsNotBelievedWhenTheChannelCannotBeAsked() {
        fixture.channel.placing = payment -> new Placement.Rejected("above the limit");
        fixture.channel.querying = payment -> TestChannel.TIMED_OUT;
        Payment payment = fixture.placed();
        assertThat(payment.state()).isEqualTo(PaymentState.CREATED);
        assertThat(fixture.merchantNotifications()).isEmpty();
    }

    @Test
    void anExceptionOfAChannelIsADefectAndNoEvidence() {
        fixture.channel.placing = payment -> {
            throw new IllegalStateException("a bug");
        };
        assertThat(fixture.placed().state()).isEqualTo(PaymentState.CREATED);
        assertThat(fixture.events).anyMatch(PaymentsEvent.Defect.class::isInstance);
    }

    @Test
    void concurrentCallsToAHangingChannelAreBounded() {
        List<Runnable> hanging = new ArrayList<>();
        fixture.holding = true;
        for (int i = 0; i < 256; i++) {
            fixture.payments.place(FlowFixture.request("T" + i));
        }
        // All calls are at the channel when another one arrives.
        fixture.channel.placing = payment -> {
            Runnable next = fixture.held.poll();
            if (next != null) {
                hanging.add(next);
                next.run();
            } else {
                fixture.holding = false;
                Payment last = fixture.placed("one more");
                assertThat(last.state()).isEqualTo(PaymentState.CREATED);
                assertThat(fixture.timeline(last)).last().asString().contains("too many orders");
            }
            return new Placement.Unclear("no answer");
        };
        fixture.held.remove().run();
        assertThat(hanging).hasSize(255);
        assertThat(fixture.channel.calls).hasSize(256);
    }
}
