package dev.rung.observability;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.model.DeliveryKind;
import org.jspecify.annotations.Nullable;

/** Leaves out the events of channel queries and alerts. */
public record NotificationsOnly(FlowListener listener) implements FlowListener {
    @Override
    public void on(FlowEvent event) {
        DeliveryKind kind = kind(event);
        if (kind == null || kind == DeliveryKind.NOTIFICATION) {
            listener.on(event);
        }
    }

    /** Null if the event does not concern a single delivery. */
    private static @Nullable DeliveryKind kind(FlowEvent event) {
        return switch (event) {
            case FlowEvent.Accepted e -> e.notification().kind();
            case FlowEvent.Attempted e -> e.delivery().kind();
            case FlowEvent.Superseded e -> e.delivery().kind();
            case FlowEvent.Parked e -> e.delivery().kind();
            case FlowEvent.Resent e -> e.before().kind();
            case FlowEvent.Cancelled e -> e.before().kind();
            case FlowEvent.ReceiverDeleted e -> e.before().kind();
            case FlowEvent.StaleWake e -> null;
            case FlowEvent.Rearmed e -> null;
            case FlowEvent.Defect e -> null;
            case FlowEvent.StoreAvailable e -> null;
        };
    }
}
