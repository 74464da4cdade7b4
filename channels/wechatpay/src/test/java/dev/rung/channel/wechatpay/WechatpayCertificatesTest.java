package dev.rung.channel.wechatpay;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.wechat.pay.java.core.certificate.CertificateDownloader;
import com.wechat.pay.java.core.certificate.CertificateHandler;
import com.wechat.pay.java.core.cipher.AeadAesCipher;
import com.wechat.pay.java.core.util.PemUtil;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.channel.gateway.Orders;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.gateway.TestAuthority;
import dev.rung.payments.channel.CertifiedChannel.Certificate;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.Callback;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Platform certificates that are fetched: in accounts without any key of WeChat Pay, and beside its public key. */
class WechatpayCertificatesTest {
    private static final Payment PAYMENT = Orders.payment("wechatpay");
    private static final String NUMBER = PAYMENT.id().toString();
    private static final String QUERY =
            "GET /v3/pay/transactions/out-trade-no/" + NUMBER + "?mchid=" + FakeWechatpay.MERCHANT;
    private static final TestAuthority AUTHORITY = new TestAuthority("CN=Tenpay.com Root CA,O=Tenpay.com,C=CN", 1);
    private static final KeyPair FIRST_KEYS = FakeWechatpay.PLATFORM_KEYS;
    private static final KeyPair NEXT_KEYS = FakeWechatpay.CERTIFICATE_KEYS;
    private static final Instant FIRST_ENDS = Instant.parse("2027-01-01T00:00:00Z");
    private static final X509Certificate FIRST =
            AUTHORITY.issue("CN=Tenpay.com sign", FIRST_KEYS.getPublic(), 0x5157F09EFDC096DEL, FIRST_ENDS);
    private static final X509Certificate NEXT =
            AUTHORITY.issue("CN=Tenpay.com sign", NEXT_KEYS.getPublic(), 0x50062CE505775F07L, TestAuthority.UNTIL);

    /** As the SDK's own, which is not public. */
    private static final CertificateHandler READER = new CertificateHandler() {
        @Override
        public X509Certificate generateCertificate(String certificate) {
            return PemUtil.loadX509FromString(certificate);
        }

        @Override
        public void validateCertPath(X509Certificate certificate) {
            // The SDK does nothing here either.
        }
    };

    @TempDir
    private Path folder;

    private Instant now = NOON;
    private final FakeWechatpay wechatpay = new FakeWechatpay(() -> now);
    private final GatewayClient client = new GatewayClient(null);
    private final Map<String, String> members = new HashMap<>(wechatpay.members());

    @BeforeEach
    void offer() {
        members.remove("public_key_id");
        members.remove("public_key");
        wechatpay.offer(FIRST);
        wechatpay.signWith(serial(FIRST), FIRST_KEYS);
        wechatpay.respond(QUERY, 200, FakeWechatpay.transaction(NUMBER, "SUCCESS"));
    }

    @AfterEach
    void close() {
        client.close();
        wechatpay.close();
    }

    private static String serial(X509Certificate certificate) {
        return RsaKeys.serial(certificate.getSerialNumber());
    }

    private WechatpayChannel channel() {
        ChannelAccount account = ChannelAccount.of(new WechatpayType(), "wechatpay", members);
        assertThat(new WechatpayType().problem(account)).isNull();
        return new WechatpayChannel(
                WechatpayAccount.of(account),
                () -> URI.create("https://pay.example/callbacks/wechatpay"),
                client,
                () -> now,
                new Random(1),
                new KeptFile(() -> folder, "certificates.json"));
    }

    private long fetched() {
        return wechatpay.gateway.asked().stream()
                .filter(asked -> asked.target().getPath().equals("/v3/certificates"))
                .count();
    }

    private static boolean believes(WechatpayChannel channel) {
        return channel.query(PAYMENT).evidence() instanceof Evidence.Paid;
    }

    private Callback callback(WechatpayChannel channel, X509Certificate certificate, KeyPair keys) {
        byte[] body = FakeWechatpay.notification(
                        "TRANSACTION.SUCCESS", FakeWechatpay.transaction(NUMBER, "SUCCESS"), FakeWechatpay.API_V3_KEY)
                .getBytes(UTF_8);
        Map<String, List<String>> headers = new HashMap<>();
        FakeWechatpay.signed(body, now, serial(certificate), keys)
                .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
        return channel.readCallback(new CallbackRequest(headers, null, body));
    }

    @Test
    void anAccountWithoutAnyKeyFetchesTheCertificates() {
        WechatpayChannel channel = channel();

        assertThat(believes(channel)).isTrue();
        assertThat(channel.check()).isEmpty();
        assertThat(fetched()).isEqualTo(1);
        assertThat(channel.certificates()).containsExactly(new Certificate("certificates", FIRST_ENDS));
    }

    /** What the gateway answers is what WeChat Pay's SDK reads. */
    @Test
    void theSdkReadsTheSameCertificates() {
        now = InstantSource.system().instant(); // the SDK's clock
        wechatpay.offer(FIRST, NEXT);
        wechatpay.signWith(FakeWechatpay.KEY_ID, FakeWechatpay.PLATFORM_KEYS);

        Map<String, X509Certificate> theirs = new CertificateDownloader.Builder()
                .httpClient(SdkClient.to(wechatpay))
                .aeadCipher(new AeadAesCipher(FakeWechatpay.API_V3_KEY.getBytes(UTF_8)))
                .certificateHandler(READER)
                .downloadUrl("https://api.mch.weixin.qq.com/v3/certificates")
                .build()
                .download();

        assertThat(theirs).containsOnly(Map.entry(serial(FIRST), FIRST), Map.entry(serial(NEXT), NEXT));
    }

    @Test
    void certificatesAreRenewedTwiceADayAndCountUntilTheyExpire() {
        WechatpayChannel channel = channel();
        assertThat(channel.check()).isEmpty();
        wechatpay.offer(NEXT);
        now = now.plus(Duration.ofHours(9));
        assertThat(channel.check()).isEmpty();
        assertThat(fetched()).isEqualTo(1);

        now = now.plus(Duration.ofHours(1));
        wechatpay.signWith(serial(NEXT), NEXT_KEYS);
        assertThat(channel.check()).isEmpty();
        assertThat(fetched()).isEqualTo(2);
        assertThat(callback(channel, FIRST, FIRST_KEYS)).isInstanceOf(Callback.Verified.class);
        assertThat(callback(channel, NEXT, NEXT_KEYS)).isInstanceOf(Callback.Verified.class);
        assertThat(channel.certificates()).containsExactly(new Certificate("certificates", TestAuthority.UNTIL));

        now = FIRST_ENDS.plusSeconds(1);
        assertThat(callback(channel, FIRST, FIRST_KEYS)).isInstanceOf(Callback.Unverified.class);
        assertThat(callback(channel, NEXT, NEXT_KEYS)).isInstanceOf(Callback.Verified.class);
    }

    @Test
    void anUnknownCertificateIsFetchedWhenItIsNamedAndAtMostOnceAMinute() {
        WechatpayChannel channel = channel();
        assertThat(believes(channel)).isTrue();
        assertThat(callback(channel, NEXT, NEXT_KEYS)).isInstanceOf(Callback.Unverified.class);
        assertThat(fetched()).isEqualTo(1);

        now = now.plus(Duration.ofMinutes(1));
        wechatpay.offer(FIRST, NEXT);
        assertThat(callback(channel, NEXT, NEXT_KEYS)).isInstanceOf(Callback.Verified.class);
        assertThat(callback(channel, NEXT, NEXT_KEYS)).isInstanceOf(Callback.Verified.class);
        assertThat(fetched()).isEqualTo(2);
    }

    @Test
    void theCertificatesAreKnownAfterARestart() {
        assertThat(believes(channel())).isTrue();
        wechatpay.gateway.close();

        assertThat(callback(channel(), FIRST, FIRST_KEYS)).isInstanceOf(Callback.Verified.class);

        members.put("api_v3_key", "another0another0another0another0");
        assertThat(callback(channel(), FIRST, FIRST_KEYS)).isInstanceOf(Callback.Unverified.class);
    }

    @Test
    void whileItChangesToThePublicKeyAnAccountVerifiesBoth() {
        members.putAll(wechatpay.members());
        WechatpayChannel channel = channel();
        wechatpay.signWith(FakeWechatpay.KEY_ID, FakeWechatpay.PLATFORM_KEYS);
        assertThat(believes(channel)).isTrue();
        assertThat(channel.check()).isEmpty();
        assertThat(fetched()).isZero();

        assertThat(callback(channel, FIRST, FIRST_KEYS)).isInstanceOf(Callback.Verified.class);
        assertThat(fetched()).isEqualTo(1);
        assertThat(wechatpay.gateway.asked())
                .allSatisfy(asked ->
                        assertThat(asked.headers().getFirst("Wechatpay-Serial")).isEqualTo(FakeWechatpay.KEY_ID));
        assertThat(channel.certificates()).isEmpty();
    }

    @Test
    void certificatesThatAreNotSealedOrNotSignedAreNotBelieved() {
        wechatpay.signWith(serial(FIRST), NEXT_KEYS);
        assertThat(believes(channel())).isFalse();
        assertThat(folder).isEmptyDirectory();

        wechatpay.signWith(serial(FIRST), FIRST_KEYS);
        members.put("api_v3_key", "another0another0another0another0");
        WechatpayChannel channel = channel();
        assertThat(believes(channel)).isFalse();
        now = now.plusSeconds(5);
        assertThat(channel.check())
                .singleElement()
                .asString()
                .startsWith("api_v3_key is not the merchant's current APIv3 key (");
    }

    @Test
    void theCheckTellsAWrongKeyFromAWrongNumberFromAMissingCertificate() {
        for (Map.Entry<String, String> refusal : Map.of(
                        "{\"code\":\"SIGN_ERROR\",\"message\":\"错误的签名，验签失败\"}",
                        "private_key is not the key of serial_no (",
                        "{\"code\":\"SIGN_ERROR\",\"message\":\"商户证书序列号有误。请使用签名私钥匹配的证书序列号\"}",
                        "serial_no is not a valid certificate of mch_id (",
                        "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥\"}",
                        "the merchant has no platform certificates: give public_key_id and public_key_file (")
                .entrySet()) {
            wechatpay.refuse(401, refusal.getKey());
            assertThat(channel().check()).singleElement().asString().startsWith(refusal.getValue());
        }
        members.putAll(wechatpay.members());
        wechatpay.refuse(401, "{\"code\":\"SIGN_ERROR\",\"message\":\"错误的签名，验签失败\"}");
        assertThat(channel().check())
                .singleElement()
                .asString()
                .startsWith("private_key is not the key of serial_no (");
    }
}
