package dev.rung.core.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.ManualWakeQueue.HandReceipt;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.Wake;
import dev.rung.core.port.Sample;
import dev.rung.core.port.WakeQueue.WakeMessage;
import org.junit.jupiter.api.Test;

class InFlightDeliveriesTest {
    private final InFlightDeliveries inFlights = new InFlightDeliveries();
    private final NewNotification notification = Sample.of(FlowFixture.ACTIVE).build();
    private final HandReceipt firstReceipt = new HandReceipt();
    private final InFlightDelivery first = delivery(1, firstReceipt);

    @Test
    void aNotificationIsRegisteredOnce() {
        assertThat(inFlights.register(first)).isTrue();
        assertThat(inFlights.register(delivery(1, new HandReceipt()))).isFalse();
        assertThat(inFlights.contains(notification.id())).isTrue();
        assertThat(inFlights.size()).isEqualTo(1);
        assertThat(firstReceipt.acknowledged).isFalse();
    }

    @Test
    void theNewestWakeThatArrivesMeanwhileIsReturnedAtTheEnd() {
        HandReceipt second = new HandReceipt();
        HandReceipt third = new HandReceipt();
        inFlights.register(first);
        inFlights.register(delivery(3, third));
        inFlights.register(delivery(2, second));

        assertThat(second.acknowledged).as("an older wake is dropped").isTrue();
        assertThat(third.acknowledged).isFalse();
        WakeMessage later = inFlights.remove(first);
        assertThat(later).isNotNull();
        assertThat(later.wake().number()).isEqualTo(3);
        assertThat(inFlights.isEmpty()).isTrue();
    }

    @Test
    void aNewerWakeReplacesTheOneThatWaits() {
        HandReceipt second = new HandReceipt();
        inFlights.register(first);
        inFlights.register(delivery(2, second));
        inFlights.register(delivery(3, new HandReceipt()));
        assertThat(second.acknowledged).isTrue();
    }

    @Test
    void onlyADeliveryInFlightBecomesObsolete() {
        inFlights.markObsolete(notification.id());
        inFlights.register(first);
        assertThat(first.obsolete).isFalse();
        inFlights.markObsolete(notification.id());
        assertThat(first.obsolete).isTrue();
    }

    private InFlightDelivery delivery(int number, HandReceipt receipt) {
        Wake wake = new Wake(notification.id(), number, notification.dueAt());
        return new InFlightDelivery(
                new WakeMessage(wake, false, receipt),
                notification.asDelivery(),
                FlowFixture.merchant(FlowFixture.ACTIVE, false).receiver(),
                InFlightDelivery.From.QUEUE);
    }
}
