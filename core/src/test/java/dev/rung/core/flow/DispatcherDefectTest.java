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
    private final FlowFixture scene = new FlowFixture();
    private final HandReceipt receipt = new HandReceipt();

    /** The next {@code times} transactions of this method throw. */
    private void bugIn(String broken, int times) {
        AtomicInteger left = new AtomicInteger(times);
        scene.store.failing(method -> {
            if (method.equals(broken) && left.getAndDecrement() > 0) {
                throw new IllegalStateException("a bug in " + broken);
            }
            return StoreFaults.Fault.NONE;
        });
    }

    private void assertThatItIsToldAndStopsNobody() {
        assertThat(scene.events).hasAtLeastOneElementOfType(FlowEvent.Defect.class);
        assertThat(scene.queue.paused).isFalse();
        assertThat(scene.engine.isStoreAvailable()).isTrue();
    }

    private Wake rearmed() {
        scene.pass(Duration.ofSeconds(15));
        Wake again = scene.queue.scheduled.getLast();
        assertThat(again.number()).isGreaterThan(1);
        return again;
    }

    @Test
    void aRecordThatCannotBeReadGivesUpItsPlaceInTheQueue() {
        scene.start();
        scene.accept(ACTIVE, scene.now() + 100, false);
        bugIn("findDeliveries", 1);
        scene.pass(Duration.ofMillis(100));

        scene.queue.deliver(scene.queue.scheduled.getFirst(), false, receipt);

        assertThat(receipt.acknowledged).isTrue();
        assertThatItIsToldAndStopsNobody();
        scene.queue.deliver(rearmed(), false, new HandReceipt());
        assertThat(scene.sent).hasSize(1);
    }

    @Test
    void aPayloadThatCannotBeReadGivesUpItsSlot() {
        scene.start();
        bugIn("payload", 1);
        scene.engine.accept(new NotificationRequest(
                ACTIVE,
                "https://shop.example/",
                null,
                null,
                new byte[Delivery.PAYLOAD_INLINE_MAX + 1],
                Ladder.of("3s"),
                null,
                scene.now(),
                null,
                false,
                null));

        assertThat(scene.engine.inFlight()).isZero();
        assertThatItIsToldAndStopsNobody();
        scene.queue.deliver(rearmed(), false, new HandReceipt());
        assertThat(scene.sent).hasSize(1);
    }

    @Test
    void whatCannotBeParkedGivesUpItsPlaceInTheQueue() {
        scene.start();
        scene.accept(PAUSED, scene.now() + 100, false);
        bugIn("park", 1);
        scene.pass(Duration.ofMillis(100));

        scene.queue.deliver(scene.queue.scheduled.getFirst(), false, receipt);

        assertThat(receipt.acknowledged).isTrue();
        assertThatItIsToldAndStopsNobody();
        rearmed();
    }

    @Test
    void anAttemptThatWasMadeIsSettledHoweverOftenThatFails() {
        scene.start();
        bugIn("settle", 3);
        scene.accept(ACTIVE, null, false);
        scene.pass(Duration.ofSeconds(10));

        assertThat(scene.sent).hasSize(1);
        assertThatItIsToldAndStopsNobody();
        assertThat(scene.events).hasAtLeastOneElementOfType(FlowEvent.Attempted.class);
    }
}
