package dev.rung.server.wiring;

import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MetaStore;
import dev.rung.crypto.AppAuthTokens;
import dev.rung.crypto.Vault;
import dev.rung.delivery.http.HttpProxy;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.settings.DataDir;
import dev.rung.settings.Settings;
import dev.rung.store.spi.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/** What this server offers one account. */
final class ServerChannelContext implements ChannelContext {
    private final ChannelAccount account;
    private final Server server;

    /** What it is made of, the same for all accounts. */
    record Server(
            Settings settings,
            Stores stores,
            BankLedger bankLedger,
            PublicUrl publicUrl,
            InstantSource clock,
            SecureRandom random,
            Vault vault,
            SSLContext tls) {}

    ServerChannelContext(ChannelAccount account, Server server) {
        this.account = account;
        this.server = server;
    }

    /** The JDK's trust, and where the server speaks TLS its own certificate. */
    static SSLContext tls(Settings settings) {
        Settings.Listen.Tls tls = settings.listen().tls();
        try {
            return tls == null ? SSLContext.getDefault() : SelfTrustingTls.trusting(tls.certificate());
        } catch (NoSuchAlgorithmException e) {
            throw new StartupException("the JDK has no TLS: " + e.getMessage(), e);
        }
    }

    @Override
    public URI callbackUrl() {
        return server.publicUrl().callbacks(account.name());
    }

    @Override
    public URI hostedUrl() {
        return HostedBankServlet.url(server.publicUrl().get(), account.name());
    }

    @Override
    public URI hostedUrlFromHere() {
        return HostedBankServlet.url(server.publicUrl().listening(), account.name());
    }

    @Override
    public InstantSource clock() {
        return server.clock();
    }

    @Override
    public RandomGenerator random() {
        return server.random();
    }

    @Override
    public Optional<Proxy> proxy() {
        HttpProxy proxy = server.settings().egress().proxy();
        return proxy == null
                ? Optional.empty()
                : Optional.of(new Proxy(proxy.host(), proxy.port(), proxy.authorization()));
    }

    @Override
    public SSLContext tls() {
        return server.tls();
    }

    @Override
    public Path folder() {
        Path folder = new DataDir(server.settings().storage().dataDir())
                .path()
                .resolve("channels")
                .resolve(account.name());
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StartupException("the folder " + folder + " cannot be created: " + e, e);
        }
    }

    @Override
    public String secret(String name, Supplier<String> make) {
        String key = "channel_" + account.type() + "_" + name;
        MetaStore meta = server.stores().meta();
        if (meta.get(key).isEmpty()) {
            byte[] fresh = make.get().getBytes(StandardCharsets.UTF_8);
            meta.putIfAbsent(
                    key, Base64.getEncoder().encodeToString(server.vault().seal(key, fresh)));
        }
        byte[] sealed = Base64.getDecoder().decode(meta.get(key).orElseThrow());
        return new String(server.vault().open(key, sealed), StandardCharsets.UTF_8);
    }

    @Override
    public Optional<String> secretOfMerchant(MerchantId merchant, String member) {
        return member.equals("app_auth_token")
                ? server.stores().merchants().find(merchant).flatMap(new AppAuthTokens(server.vault())::open)
                : Optional.empty();
    }

    @Override
    public <T> T service(Class<T> type) {
        if (type == BankLedger.class) {
            return type.cast(server.bankLedger());
        }
        throw new IllegalArgumentException("this server has no " + type.getName());
    }
}
