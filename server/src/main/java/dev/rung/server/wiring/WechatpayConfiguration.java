package dev.rung.server.wiring;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.wechatpay.WechatpayAccount;
import dev.rung.channel.wechatpay.WechatpayChannel;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.queue.local.SteadyClock;
import dev.rung.settings.Settings;
import java.security.SecureRandom;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The channel to WeChat Pay: part of a server whose settings describe an account. */
@Configuration(proxyBeanMethods = false)
@Import(GatewayConfiguration.class)
class WechatpayConfiguration {

    @Bean
    PaymentChannel wechatpayChannel(
            Settings settings, PublicUrl publicUrl, GatewayClient gateways, SteadyClock clock, SecureRandom random) {
        WechatpayAccount account = Objects.requireNonNull(settings.payments().wechatpay());
        GatewayConfiguration.tellOf(WechatpayChannel.NAME, account.gateway(), settings);
        return new WechatpayChannel(account, () -> publicUrl.callbacks(WechatpayChannel.NAME), gateways, clock, random);
    }
}
