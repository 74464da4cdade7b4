package dev.rung.server.wiring;

import dev.rung.adapter.alipay.AlipayAccount;
import dev.rung.adapter.alipay.AlipayChannel;
import dev.rung.adapter.gateway.GatewayClient;
import dev.rung.adapter.local.SteadyClock;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.server.settings.Settings;
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
