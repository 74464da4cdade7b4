package dev.rung.observability;

import dev.rung.core.model.TraceParent;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.ForwardingChannel;
import dev.rung.payments.port.PaymentChannel;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Records a span of each call about a payment to its channel, in the trace of the payment. */
public final class TracingChannel extends ForwardingChannel {
    private final PaymentChannel channel;
    private final Tracing tracing;

    public TracingChannel(PaymentChannel channel, Tracing tracing) {
        super(channel);
        this.channel = channel;
        this.tracing = tracing;
    }

    /** The same channel is recognised when it is wrapped again. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TracingChannel o && channel.equals(o.channel) && tracing.equals(o.tracing);
    }

    @Override
    public int hashCode() {
        return channel.hashCode();
    }

    private <T> T traced(String call, Payment payment, Supplier<T> made) {
        TraceParent trace = payment.order().trace();
        Tracing.Span span = tracing.begin(call, Tracing.Kind.CLIENT, trace)
                .set("rung.channel", name())
                .set("rung.payment.id", payment.id())
                .set("rung.merchant.id", payment.order().merchantId());
        String error = "the call failed";
        try {
            T result = made.get();
            span.set("rung.result", result.getClass().getSimpleName());
            error = null;
            return result;
        } finally {
            span.end(error);
        }
    }

    @Override
    public PaymentChannel.Exchange charge(Payment payment, String authCode) {
        return traced("channel charge", payment, () -> channel.charge(payment, authCode));
    }

    @Override
    public Placement place(Payment payment) {
        return traced("channel place", payment, () -> channel.place(payment));
    }

    @Override
    public PaymentChannel.Exchange query(Payment payment) {
        return traced("channel query", payment, () -> channel.query(payment));
    }

    @Override
    public PaymentChannel.Exchange close(Payment payment) {
        return traced("channel close", payment, () -> channel.close(payment));
    }

    @Override
    public Optional<ChannelRefunds> refunds() {
        return channel.refunds().map(TracedRefunds::new);
    }

    private final class TracedRefunds implements ChannelRefunds {
        private final ChannelRefunds refunds;

        TracedRefunds(ChannelRefunds refunds) {
            this.refunds = refunds;
        }

        @Override
        public ChannelRefunds.Exchange request(Payment payment, Refund refund) {
            return traced("channel refund", payment, () -> refunds.request(payment, refund));
        }

        @Override
        public ChannelRefunds.Exchange query(Payment payment, String number) {
            return traced("channel refund query", payment, () -> refunds.query(payment, number));
        }
    }
}
