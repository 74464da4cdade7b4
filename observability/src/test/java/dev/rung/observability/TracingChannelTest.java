package dev.rung.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.port.PaymentChannel;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class TracingChannelTest {
    /** So that the limit of calls of a channel lives on when other accounts change. */
    @Test
    void aChannelThatIsWrappedAgainIsTheSame() {
        PaymentChannel one = channel();
        assertThat(new TracingChannel(one, Tracing.OFF))
                .isEqualTo(new TracingChannel(one, Tracing.OFF))
                .hasSameHashCodeAs(new TracingChannel(one, Tracing.OFF))
                .isNotEqualTo(new TracingChannel(channel(), Tracing.OFF));
    }

    private static PaymentChannel channel() {
        return (PaymentChannel) Proxy.newProxyInstance(
                PaymentChannel.class.getClassLoader(),
                new Class<?>[] {PaymentChannel.class},
                (channel, method, arguments) ->
                        method.getName().equals("equals") ? (Object) (channel == arguments[0]) : (Object) 1);
    }
}
