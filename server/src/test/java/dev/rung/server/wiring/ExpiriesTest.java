package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.alerts.Expiry;
import dev.rung.channel.gateway.Orders;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.gateway.TestAuthority;
import dev.rung.channel.wechatpay.WechatpayType;
import dev.rung.crypto.MasterKey;
import dev.rung.crypto.Vault;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.Settings;
import dev.rung.store.sqlite.SqliteStores;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiriesTest {
    @Test
    void aCertificateOfAChannelAccountIsNamedAfterIt(@TempDir Path folder) {
        Instant ends = Instant.parse("2027-01-01T00:00:00Z");
        String platform = RsaKeys.pem(List.of(new TestAuthority("CN=Tenpay.com Root CA", 1)
                .issue("CN=Tenpay.com sign", Orders.rsa().getPublic(), 2, ends)));
        Settings settings = ServerFixture.settings(folder, Map.of());
        SecureRandom random = new SecureRandom();
        ChannelAccount account = ChannelAccount.of(
                new WechatpayType(),
                "wechat-main",
                Map.of(
                        "app_id", "wx0000000000000000",
                        "mch_id", "1900000001",
                        "serial_no", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
                        "private_key",
                                Base64.getEncoder()
                                        .encodeToString(
                                                Orders.rsa().getPrivate().getEncoded()),
                        "api_v3_key", "0123456789abcdef0123456789ABCDEF",
                        "certificates", platform));
        try (SqliteStores stores = SqliteStores.open(folder, InstantSource.system())) {
            ServerChannelContext context = new ServerChannelContext(
                    account,
                    new ServerChannelContext.Server(
                            settings,
                            stores,
                            stores.bankLedger(),
                            new PublicUrl(settings),
                            InstantSource.system(),
                            random,
                            new Vault(MasterKey.ofBase64(Base64.getEncoder().encodeToString(new byte[32])), random),
                            ServerChannelContext.tls(settings)));
            PaymentChannel channel = new WechatpayType().open(account, context);
            try {
                assertThat(new Expiries(settings, stores.keys(), stores.merchants(), () -> List.of(channel)).get())
                        .containsExactly(Expiry.ofCertificate("wechat-main/certificates", ends.toEpochMilli()));
            } finally {
                channel.close();
            }
        }
    }
}
