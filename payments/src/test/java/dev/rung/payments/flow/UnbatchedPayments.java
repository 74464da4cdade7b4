package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.util.List;

/** Payments that write each change by itself on the calling thread, so that a test controls the order. */
public final class UnbatchedPayments {
    private UnbatchedPayments() {}

    public static Payments payments(
            PaymentStore store,
            RefundStore refunds,
            List<PaymentChannel> channels,
            NotificationOutbox outbox,
            EngineRuntime runtime,
            Ids ids,
            Ladder queryLadder,
            PaymentsListener listener) {
        return new Payments(
                store,
                refunds,
                PaymentWriter.unbatched(store, refunds),
                channels,
                outbox,
                runtime,
                ids,
                queryLadder,
                listener);
    }
}
