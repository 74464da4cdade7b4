package dev.rung.core.flow;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import dev.rung.core.port.NotificationStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows how long attempts may take whose receivers have a longer timeout than the default. Thread-safe. */
final class AttemptTimeouts {
    private final NotificationStore store;
    private final MerchantCache merchants;

    AttemptTimeouts(NotificationStore store, MerchantCache merchants) {
        this.store = store;
        this.merchants = merchants;
    }

    /**
     * The time beyond {@link EngineLimits#ATTEMPT_MUST_HAVE_ENDED} that attempts of these may take; those that need none are left out. Blocks for
     * the store.
     */
    Map<NotificationId, Duration> extra(List<NotificationId> ids) {
        if (ids.isEmpty() || merchants.longestTimeout().compareTo(Receiver.TIMEOUT_DEFAULT) <= 0) {
            return Map.of();
        }
        Map<NotificationId, Duration> extra = new HashMap<>();
        for (@Nullable Delivery delivery : store.findDeliveries(ids)) {
            Merchant merchant = delivery == null ? null : merchants.get(delivery.merchantId());
            Receiver receiver = delivery == null || merchant == null ? null : merchant.receiver(delivery.receiver());
            if (delivery != null && receiver != null) {
                Duration more = receiver.timeout().minus(Receiver.TIMEOUT_DEFAULT);
                if (more.isPositive()) {
                    extra.put(delivery.id(), more);
                }
            }
        }
        return extra;
    }
}
