package dev.rung.server.wiring;

import dev.rung.channel.alipay.AlipayAccount;
import dev.rung.channel.alipay.AlipayChannel;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.queue.local.SteadyClock;
import dev.rung.settings.Settings;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The channel to Alipay: part of a server whose settings describe an account. */
@Configuration(proxyBeanMethods = false)
@Import(GatewayConfiguration.class)
class AlipayConfiguration {

    @Bean
    PaymentChannel alipayChannel(Settings settings, PublicUrl publicUrl, GatewayClient gateways, SteadyClock clock) {
        AlipayAccount account = Objects.requireNonNull(settings.payments().alipay());
        GatewayConfiguration.tellOf(AlipayChannel.NAME, account.gateway(), settings);
        return new AlipayChannel(account, () -> publicUrl.callbacks(AlipayChannel.NAME), gateways, clock);
    }
}
