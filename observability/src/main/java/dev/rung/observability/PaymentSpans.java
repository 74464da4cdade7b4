package dev.rung.observability;

import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.model.Payment;

/** Records a span of each change of a payment in its trace, with what caused it: a callback, a query. */
public record PaymentSpans(Tracing tracing) {
    public void on(PaymentsEvent event) {
        if (event instanceof PaymentsEvent.StateChanged(Payment before, Payment after, var source)
                && after.order().trace() != null) {
            tracing.begin(source.text(), Tracing.Kind.INTERNAL, after.order().trace())
                    .set("rung.payment.id", after.id())
                    .set("rung.channel", after.order().channel())
                    .set("rung.before", before.state().text())
                    .set("rung.after", after.state().text())
                    .end(null);
        }
    }
}
