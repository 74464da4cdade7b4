package dev.rung.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.Sample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotificationsOnlyTest {
    private static final Sample NOTIFICATION = Sample.of(new MerchantId(1));
    private static final Sample QUERY = NOTIFICATION.channel("simulator");

    private final List<FlowEvent> seen = new ArrayList<>();
    private final NotificationsOnly notificationsOnly = new NotificationsOnly(seen::add);

    private static List<FlowEvent> events(Sample sample) {
        NewNotification n = sample.build();
        return List.of(
                new FlowEvent.Accepted(n),
                new FlowEvent.Parked(n.asDelivery(), WakeLocation.HELD_BY_BULKHEAD),
                new FlowEvent.Cancelled(sample.shown(n.id())));
    }

    @Test
    void eventsOfNotificationsPass() {
        List<FlowEvent> events = events(NOTIFICATION);
        events.forEach(notificationsOnly::on);
        assertThat(seen).isEqualTo(events);
    }

    @Test
    void eventsOfChannelQueriesDoNot() {
        events(QUERY).forEach(notificationsOnly::on);
        assertThat(seen).isEmpty();
    }

    @Test
    void eventsOfNoDeliveryInParticularPass() {
        FlowEvent event = new FlowEvent.Rearmed(3, FlowEvent.Rearmed.Cause.OVERDUE);
        notificationsOnly.on(event);
        assertThat(seen).containsExactly(event);
    }
}
