package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.ManualWakeQueue.HandReceipt;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.Sample;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryParkingTest {
    private final ManualRuntime time = new ManualRuntime();
    private final MemoryNotificationStore store = new MemoryNotificationStore(time.clock);
    private final List<FlowEvent> events = new ArrayList<>();
    private final List<String> results = new ArrayList<>();
    private final DeliveryParking parking =
            new DeliveryParking(store, time.runtime, new StoreGate(new ManualWakeQueue(), events::add), events::add);
    private final NewNotification notification = Sample.of(ACTIVE).build();

    private final DeliveryParking.Listener listener = new DeliveryParking.Listener() {
        @Override
        public void parked(InFlightDelivery inFlight, WakeLocation wakeLocation) {
            results.add("parked " + wakeLocation);
        }

        @Override
        public void changedMeanwhile(InFlightDelivery inFlight) {
            results.add("changed");
        }

        @Override
        public void failed(InFlightDelivery inFlight) {
            results.add("failed");
        }
    };

    @BeforeEach
    void aNotificationIsStored() {
        store.accept(List.of(notification));
    }

    private void park(InFlightDelivery inFlight) {
        inFlight.hold(HoldReason.BULKHEAD, notification.dueAt() + 5);
        parking.park(inFlight, listener);
    }

    @Test
    void aParkedDeliveryKeepsItsDueTimeAndIsTakenBackByItsBulkhead() {
        park(inFlight(false));
        assertThat(results).containsExactly("parked HELD_BY_BULKHEAD");
        assertThat(events).hasExactlyElementsOfTypes(FlowEvent.Parked.class);
        assertThat(stored().wakeLocation()).isEqualTo(WakeLocation.HELD_BY_BULKHEAD);
        assertThat(stored().nextAttemptAt()).isEqualTo(notification.dueAt());

        List<Delivery> back = parking.unpark(BulkheadKey.own(ACTIVE), 10);
        assertThat(back).extracting(Delivery::id).containsExactly(notification.id());
        assertThat(stored().wakeLocation()).isEqualTo(WakeLocation.QUEUED);
    }

    /** A parked delivery has no message that could be marked as redelivered. */
    @Test
    void aRedeliveredOneIsRecordedAsPossiblyRepeated() {
        park(inFlight(true));
        assertThat(results).containsExactly("parked HELD_BY_BULKHEAD");
        assertThat(stored().mayRepeat()).isTrue();
    }

    @Test
    void aRecordThatChangedMeanwhileIsNotParked() {
        InFlightDelivery inFlight = inFlight(false);
        store.rearm(List.of(inFlight.message.wake()), false);
        park(inFlight);
        park(inFlight(true, 1));
        assertThat(results).containsExactly("changed", "changed");
        assertThat(stored().wakeLocation()).isEqualTo(WakeLocation.QUEUED);
    }

    @Test
    void parkingIsRetriedUntilTheStoreIsBack() {
        InFlightDelivery inFlight = inFlight(false);
        store.failing(method -> StoreFaults.Fault.BEFORE_COMMIT);
        park(inFlight);
        time.pass(Duration.ofSeconds(3));
        assertThat(results).isEmpty();
        store.failing(StoreFaults.NONE);
        time.pass(Duration.ofSeconds(1));
        assertThat(results).containsExactly("parked HELD_BY_BULKHEAD");
    }

    @Test
    void aDefectOfTheStoreEndsTheAttemptToPark() {
        InFlightDelivery inFlight = inFlight(false);
        store.failing(method -> {
            throw new IllegalStateException("a defect");
        });
        park(inFlight);
        assertThat(results).containsExactly("failed");
        assertThat(events).hasAtLeastOneElementOfType(FlowEvent.Defect.class);
    }

    private Delivery stored() {
        return Objects.requireNonNull(
                store.findDeliveries(List.of(notification.id())).getFirst());
    }

    private InFlightDelivery inFlight(boolean redelivered) {
        return inFlight(redelivered, stored().wakeNumber());
    }

    private InFlightDelivery inFlight(boolean redelivered, int number) {
        Wake wake = new Wake(notification.id(), number, notification.dueAt());
        return new InFlightDelivery(
                new WakeMessage(wake, redelivered, new HandReceipt()),
                stored(),
                FlowFixture.merchant(ACTIVE, false).receiver(),
                InFlightDelivery.From.QUEUE);
    }
}
