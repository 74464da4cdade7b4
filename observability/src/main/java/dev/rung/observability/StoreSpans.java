package dev.rung.observability;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.TraceParent;

/** Records a span of each notification's way from the request to the commit. */
public record StoreSpans(Tracing tracing) implements FlowListener {
    @Override
    public void on(FlowEvent event) {
        if (event instanceof FlowEvent.Accepted(NewNotification notification)) {
            TraceParent trace = notification.content().trace();
            if (trace != null) {
                tracing.begin(
                                "store",
                                Tracing.Kind.INTERNAL,
                                trace,
                                notification.content().createdAt())
                        .set("rung.notification.id", notification.id())
                        .set("rung.merchant.id", notification.merchantId())
                        .end(null);
            }
        }
    }
}
