package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QuerySenderTest {
    private final FlowFixture fixture = new FlowFixture();

    @Test
    void aHangingChannelEndsTheAttemptAtItsDeadline() {
        Payment payment = fixture.placed();
        fixture.holding = true;
        CompletableFuture<Sender.Result> result = fixture.querying(payment).toCompletableFuture();
        fixture.time.pass(Duration.ofMillis(4_999));
        assertThat(result).isNotDone();
        fixture.time.pass(Duration.ofMillis(1));
        assertThat(result.join().outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(result.join().exactWait()).isNotNull();

        // A later answer still counts.
        fixture.channel.querying = TestChannel::paid;
        fixture.held.remove().run();
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.SUCCEEDED);
    }

    @Test
    void aStoreThatIsAwayIsNotTheChannelsFault() {
        Payment payment = fixture.placed();
        fixture.notifications.failing(
                method -> method.equals("change") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        fixture.channel.querying = TestChannel::paid;
        Sender.Result result = fixture.query(payment);
        assertThat(result.outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(result.exactWait()).isNotNull();
        fixture.notifications.failing(StoreFaults.NONE);
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(fixture.merchantNotifications()).hasSize(1);
    }
}
