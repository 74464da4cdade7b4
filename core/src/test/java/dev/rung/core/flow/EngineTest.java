package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.NotificationStore.Cancellation;
import dev.rung.core.port.WakeQueue;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users ask of the engine: resend, cancel, changed merchants, draining. */
class EngineTest {
    private final FlowFixture fixture = new FlowFixture();

    @BeforeEach
    void start() {
        fixture.start();
    }

    @Test
    void aResentNotificationIsAttemptedByItsNewWake() {
        NotificationDetail delivered = accept(Outcome.ACKNOWLEDGED);
        assertThat(fixture.engine.resend(List.of(delivered), null, false)).containsExactly(true);
        assertThat(fixture.events).hasAtLeastOneElementOfType(FlowEvent.Resent.class);
        fixture.queue.deliver(fixture.queue.scheduled.getLast(), false, new ManualWakeQueue.HandReceipt());
        assertThat(fixture.sent).hasSize(2);
    }

    @Test
    void aCancelledNotificationIsNotAttempted() {
        NotificationDetail waiting = accept(Outcome.DECLINED);
        assertThat(fixture.engine.cancel(waiting)).isEqualTo(Cancellation.CANCELLED);
        assertThat(fixture.engine.cancel(waiting)).isEqualTo(Cancellation.ALREADY_SETTLED);
        fixture.queue.deliver(fixture.queue.scheduled.getLast(), false, new ManualWakeQueue.HandReceipt());
        assertThat(fixture.sent).hasSize(1);
        assertThat(detail().state()).isEqualTo(DeliveryState.CANCELLED);
    }

    @Test
    void afterDrainingNothingIsAttempted() {
        accept(Outcome.DECLINED);
        assertThat(fixture.engine.drain(Duration.ofSeconds(1))).isTrue();
        assertThat(fixture.queue.paused).isTrue();
        ManualWakeQueue.HandReceipt receipt = new ManualWakeQueue.HandReceipt();
        fixture.queue.deliver(fixture.queue.scheduled.getLast(), false, receipt);
        assertThat(fixture.sent).hasSize(1);
        assertThat(receipt.handedBack).isTrue();
    }

    @Test
    void wakesThatTheQueueLostAreReArmed() {
        accept(Outcome.DECLINED);
        WakeQueue.Listener listener = fixture.queue.listener();
        listener.lost(List.of(fixture.queue.scheduled.getLast()));
        assertThat(fixture.rearms()).isEqualTo(1);
    }

    private NotificationDetail accept(Outcome outcome) {
        fixture.outcome = outcome;
        fixture.accept(ACTIVE, null, false);
        return detail();
    }

    private NotificationDetail detail() {
        NotificationId id = fixture.sent.getFirst().id();
        return fixture.store.catalog().find(id).orElseThrow();
    }
}
