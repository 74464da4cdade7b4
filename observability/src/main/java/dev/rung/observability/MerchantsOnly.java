package dev.rung.observability;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.model.MerchantId;
import org.jspecify.annotations.Nullable;

/** Leaves out what happens to records of reserved merchant ids, such as queries at payment channels: they are no notifications. */
public record MerchantsOnly(FlowListener listener) implements FlowListener {
    @Override
    public void on(FlowEvent event) {
        MerchantId merchant = merchant(event);
        if (merchant == null || !merchant.isReserved()) {
            listener.on(event);
        }
    }

    /** The merchant of an event; null if unknown. */
    private static @Nullable MerchantId merchant(FlowEvent event) {
        return switch (event) {
            case FlowEvent.Accepted e -> e.notification().merchantId();
            case FlowEvent.Attempted e -> e.delivery().merchantId();
            case FlowEvent.Superseded e -> e.delivery().merchantId();
            case FlowEvent.Parked e -> e.merchant();
            case FlowEvent.Resent e -> e.before().merchantId();
            case FlowEvent.Cancelled e -> e.before().merchantId();
            case FlowEvent.StaleWake e -> null;
            case FlowEvent.Rearmed e -> null;
            case FlowEvent.Defect e -> null;
            case FlowEvent.StoreAvailable e -> null;
        };
    }
}
