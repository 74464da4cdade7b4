package dev.rung.core.flow;

import dev.rung.core.model.NotificationId;
import dev.rung.core.port.WakeQueue.Receipt;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The deliveries that this process handles: waiting for a slot, being attempted, settled or parked. At most one per notification. Thread-safe. */
final class InFlightDeliveries {
    private final ConcurrentHashMap<Long, InFlightDelivery> byNotification = new ConcurrentHashMap<>();

    /** False if the notification is in flight already: the newest wake is then kept for {@link #remove}, and an older one acknowledged. */
    boolean register(InFlightDelivery inFlight) {
        WakeMessage message = inFlight.message;
        @Nullable Receipt[] superfluous = new @Nullable Receipt[1];
        InFlightDelivery now = byNotification.compute(inFlight.delivery.id().value(), (id, present) -> {
            if (present == null) {
                return inFlight;
            }
            WakeMessage later = present.later;
            if (later == null || later.wake().number() <= message.wake().number()) {
                present.later = message;
                superfluous[0] = later == null ? null : later.receipt();
            } else {
                superfluous[0] = message.receipt();
            }
            return present;
        });
        if (superfluous[0] != null) {
            superfluous[0].acknowledge();
        }
        return now == inFlight;
    }

    /** Removes a delivery; returns the newest wake that arrived meanwhile. */
    @Nullable WakeMessage remove(InFlightDelivery inFlight) {
        byNotification.remove(inFlight.delivery.id().value());
        return inFlight.later;
    }

    boolean contains(NotificationId id) {
        return byNotification.containsKey(id.value());
    }

    /** The record was changed by a user: an attempt that has not begun must not begin. */
    void markObsolete(NotificationId id) {
        byNotification.computeIfPresent(id.value(), (key, inFlight) -> {
            inFlight.obsolete = true;
            return inFlight;
        });
    }

    int size() {
        return byNotification.size();
    }

    boolean isEmpty() {
        return byNotification.isEmpty();
    }
}
