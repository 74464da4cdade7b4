package dev.rung.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.Sample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerchantsOnlyTest {
    private final List<FlowEvent> told = new ArrayList<>();
    private final MerchantsOnly merchantsOnly = new MerchantsOnly(told::add);

    private static FlowEvent accepted(long merchant) {
        NewNotification n = Sample.of(new MerchantId(merchant)).build();
        return new FlowEvent.Accepted(n);
    }

    @Test
    void whatHappensToMerchantsNotificationsIsTold() {
        FlowEvent event = accepted(MerchantId.RESERVED_BELOW);
        merchantsOnly.on(event);
        assertThat(told).containsExactly(event);
    }

    @Test
    void whatHappensToQueriesAtChannelsIsNot() {
        merchantsOnly.on(accepted(1));
        merchantsOnly.on(accepted(MerchantId.RESERVED_BELOW - 1));
        merchantsOnly.on(new FlowEvent.Parked(new NotificationId(1), new MerchantId(3), WakeLocation.HELD_BY_MERCHANT));
        assertThat(told).isEmpty();
    }

    @Test
    void whatIsNobodysInParticularIsTold() {
        FlowEvent event = new FlowEvent.Rearmed(3, FlowEvent.Rearmed.Cause.OVERDUE);
        merchantsOnly.on(event);
        assertThat(told).containsExactly(event);
    }
}
