package dev.rung.server.wiring;

import dev.rung.crypto.Vault;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BatchedLedger;
import dev.rung.queue.local.SteadyClock;
import dev.rung.settings.Settings;
import dev.rung.store.spi.Stores;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The channel accounts, of whatever types: none is named here. */
@Configuration(proxyBeanMethods = false)
class ChannelsConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelsConfiguration.class);

    @Bean
    OpenChannels channels(
            Settings settings,
            Stores stores,
            ExecutorService executor,
            Vault vault,
            PublicUrl publicUrl,
            SteadyClock clock,
            SecureRandom random) {
        Settings.Payments payments = settings.payments();
        // A store with one writer commits waiting writes together itself.
        BankLedger bankLedger = stores.lanes() == 1
                ? stores.bankLedger()
                : new BatchedLedger(
                        stores.bankLedger(),
                        executor,
                        stores.lanes(),
                        e -> LOG.error("A task of the simulated bank failed", e));
        ServerChannelContext.Server server = new ServerChannelContext.Server(
                settings, stores, bankLedger, publicUrl, clock, random, vault, ServerChannelContext.tls(settings));
        if (payments.publicUrl() == null
                && payments.channels().stream().anyMatch(c -> !c.type().existsOnLoopback())) {
            LOG.warn(
                    "channels are given the address this server listens on for their callbacks; if they cannot reach it,"
                            + " set --public-url: until then payments end by queries only");
        }
        return OpenChannels.open(
                payments.types(),
                payments.channels(),
                account -> new ServerChannelContext(account, server),
                new StoredAccounts(stores.meta(), server.vault()));
    }

    @Bean
    ServletRegistrationBean<HostedBankServlet> hostedBankServlet(OpenChannels channels) {
        ServletRegistrationBean<HostedBankServlet> registration =
                new ServletRegistrationBean<>(new HostedBankServlet(channels), HostedBankServlet.PATH + "/*");
        registration.setLoadOnStartup(2);
        return registration;
    }
}
