package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static dev.rung.core.flow.FlowFixture.PAUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.ManualWakeQueue.HandReceipt;
import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Wake;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A bug triggered by one notification is reported, stops no other notification and leaks nothing: the sweeper re-arms
 * the notification.
 */
class DispatcherDefectTest {
    private final FlowFixture fixture = new FlowFixture();
    private final HandReceipt receipt = new HandReceipt();

    /** The next {@code times} transactions of this method throw. */
    private void bugIn(String broken, int times) {
        AtomicInteger left = new AtomicInteger(times);
        fixture.store.failing(method -> {
            if (method.equals(broken) && left.getAndDecrement() > 0) {
                throw new IllegalStateException("a bug in " + broken);
            }
            return StoreFaults.Fault.NONE;
        });
    }

    private void assertThatItIsToldAndStopsNothing() {
        assertThat(fixture.events).hasAtLeastOneElementOfType(FlowEvent.Defect.class);
        assertThat(fixture.queue.paused).isFalse();
        assertThat(fixture.engine.isStoreAvailable()).isTrue();
    }

    private Wake rearmed() {
        fixture.pass(Duration.ofSeconds(15));
        Wake again = fixture.queue.scheduled.getLast();
        assertThat(again.number()).isGreaterThan(1);
        return again;
    }

    @Test
    void aRecordThatCannotBeReadGivesUpItsPlaceInTheQueue() {
        fixture.start();
        fixture.accept(ACTIVE, fixture.now() + 100, false);
        bugIn("findDeliveries", 1);
        fixture.pass(Duration.ofMillis(100));

        fixture.queue.deliver(fixture.queue.scheduled.getFirst(), false, receipt);

        assertThat(receipt.acknowledged).isTrue();
        assertThatItIsToldAndStopsNothing();
        fixture.queue.deliver(rearmed(), false, new HandReceipt());
        assertThat(fixture.sent).hasSize(1);
    }

    @Test
    void aPayloadThatCannotBeReadGivesUpItsSlot() {
        fixture.start();
        bugIn("payload", 1);
        fixture.engine.accept(new NotificationRequest(
                ACTIVE,
                "https://shop.example/",
                null,
                null,
                new byte[Delivery.PAYLOAD_INLINE_MAX + 1],
                Ladder.of("3s"),
                null,
                true,
                fixture.now(),
                null,
                false,
                null));

        assertThat(fixture.engine.inFlight()).isZero();
        assertThatItIsToldAndStopsNothing();
        fixture.queue.deliver(rearmed(), false, new HandReceipt());
        assertThat(fixture.sent).hasSize(1);
    }

    @Test
    void whatCannotBeParkedGivesUpItsPlaceInTheQueue() {
        fixture.start();
        fixture.accept(PAUSED, fixture.now() + 100, false);
        bugIn("park", 1);
        fixture.pass(Duration.ofMillis(100));

        fixture.queue.deliver(fixture.queue.scheduled.getFirst(), false, receipt);

        assertThat(receipt.acknowledged).isTrue();
        assertThatItIsToldAndStopsNothing();
        rearmed();
    }

    @Test
    void anAttemptThatWasMadeIsSettledHoweverOftenThatFails() {
        fixture.start();
        bugIn("settle", 3);
        fixture.accept(ACTIVE, null, false);
        fixture.pass(Duration.ofSeconds(10));

        assertThat(fixture.sent).hasSize(1);
        assertThatItIsToldAndStopsNothing();
        assertThat(fixture.events).hasAtLeastOneElementOfType(FlowEvent.Attempted.class);
    }
}
