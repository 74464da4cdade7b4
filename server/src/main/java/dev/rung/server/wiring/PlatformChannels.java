package dev.rung.server.wiring;

import dev.rung.adapter.alipay.AlipayAccount;
import dev.rung.adapter.alipay.AlipayChannel;
import dev.rung.adapter.gateway.GatewayClient;
import dev.rung.adapter.http.HttpProxy;
import dev.rung.adapter.wechatpay.WechatpayAccount;
import dev.rung.adapter.wechatpay.WechatpayChannel;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.server.settings.Settings;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels of real platforms that the settings describe, and the one client through which they speak. */
final class PlatformChannels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PlatformChannels.class);

    private final List<PaymentChannel> list;
    private final GatewayClient client;

    private PlatformChannels(List<PaymentChannel> list, GatewayClient client) {
        this.list = List.copyOf(list);
        this.client = client;
    }

    /**
     * Opens those that are described.
     *
     * @param random makes nonces
     */
    static PlatformChannels open(Settings settings, PublicUrl publicUrl, InstantSource clock, RandomGenerator random) {
        GatewayClient client = new GatewayClient(proxy(settings.egress().proxy()));
        List<PaymentChannel> list = new ArrayList<>();
        AlipayAccount alipay = settings.payments().alipay();
        if (alipay != null) {
            list.add(new AlipayChannel(alipay, () -> publicUrl.callbacks(AlipayChannel.NAME), client, clock));
            described(AlipayChannel.NAME, alipay.gateway(), settings);
        }
        WechatpayAccount wechatpay = settings.payments().wechatpay();
        if (wechatpay != null) {
            list.add(new WechatpayChannel(
                    wechatpay, () -> publicUrl.callbacks(WechatpayChannel.NAME), client, clock, random));
            described(WechatpayChannel.NAME, wechatpay.gateway(), settings);
        }
        return new PlatformChannels(list, client);
    }

    private static GatewayClient.@Nullable Proxy proxy(@Nullable HttpProxy proxy) {
        return proxy == null ? null : new GatewayClient.Proxy(proxy.host(), proxy.port(), proxy.authorization());
    }

    private static void described(String channel, URI gateway, Settings settings) {
        LOG.info("the channel {} is at {}", channel, gateway);
        if (settings.payments().publicUrl() == null) {
            LOG.warn(
                    "the channel {} is told to call back to where this server listens: if it cannot reach that, say where by"
                            + " --public-url; until then only queries tell what was paid",
                    channel);
        }
    }

    List<PaymentChannel> list() {
        return list;
    }

    @Override
    public void close() {
        client.close();
    }
}
