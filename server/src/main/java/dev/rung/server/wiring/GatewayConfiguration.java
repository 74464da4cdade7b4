package dev.rung.server.wiring;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.delivery.http.HttpProxy;
import dev.rung.settings.Settings;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How real platforms are spoken to: through the operator's proxy, if there is one. Part of a server that has a channel to one. */
@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayConfiguration.class);

    @Bean
    GatewayClient gateways(Settings settings) {
        HttpProxy proxy = settings.egress().proxy();
        return new GatewayClient(
                proxy == null ? null : new GatewayClient.Proxy(proxy.host(), proxy.port(), proxy.authorization()));
    }

    /** Says that there is such a channel. */
    static void tellOf(String channel, URI gateway, Settings settings) {
        LOG.info("the channel {} is at {}", channel, gateway);
        if (settings.payments().publicUrl() == null) {
            LOG.warn(
                    "the channel {} is told to call back to where this server listens: if it cannot reach that, say where by"
                            + " --public-url; until then only queries tell what was paid",
                    channel);
        }
    }
}
