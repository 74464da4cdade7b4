package dev.rung.channel.alipay;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.AlipayApiException;
import com.alipay.api.CertAlipayRequest;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.internal.util.AntCertificationUtil;
import com.alipay.api.request.AlipayTradeQueryRequest;
import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.FakeGateway.Said;
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
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate mode (公钥证书): Alipay's SDK and this adapter have the same certificates and talk to the same gateway. */
class AlipayCertificateModeTest {
    private static final Payment PAYMENT = Orders.payment("alipay");
    private static final String QUERY = "alipay.trade.query";
    private static final String DOWNLOAD = "alipay.open.app.alipaycert.download";
    private static final String PAID = "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + PAYMENT.id()
            + "\",\"total_amount\":\"12.30\",\"trade_no\":\"2026112322001\",\"trade_status\":\"TRADE_SUCCESS\"}";

    private static final TestAuthority OLD_ROOT = new TestAuthority("CN=Certification Authority R0,O=Ant,C=CN", 11);
    private static final TestAuthority ROOT = new TestAuthority("CN=Certification Authority R1,O=Ant,C=CN", 12);
    private static final TestAuthority CLASS_2 = ROOT.authority("CN=Certification Authority Class 2 R1,O=Ant,C=CN", 13);
    private static final String ROOTS = TestAuthority.sm2Certificate("CN=ROOTCA,O=NRCAC,C=CN")
            + RsaKeys.pem(List.of(OLD_ROOT.certificate(), ROOT.certificate()));
    private static final Instant SOON = Instant.parse("2026-12-24T00:00:00Z");

    private static final X509Certificate APP = CLASS_2.issue(
            "CN=2021000000000001,O=shop,C=CN", FakeAlipay.APP_KEYS.getPublic(), 1001, TestAuthority.UNTIL);
    private static final X509Certificate FIRST =
            CLASS_2.issue("CN=Alipay-2088,O=Alipay,C=CN", FakeAlipay.ALIPAY_KEYS.getPublic(), 1002, SOON);
    private static final KeyPair NEXT_KEYS = Orders.rsa();
    private static final X509Certificate NEXT =
            CLASS_2.issue("CN=Alipay-2088,O=Alipay,C=CN", NEXT_KEYS.getPublic(), 1003, TestAuthority.UNTIL);

    @TempDir
    private Path folder;

    private final FakeAlipay alipay = new FakeAlipay();
    private final GatewayClient client = new GatewayClient(null);
    private final Map<String, String> members = new HashMap<>(Map.of(
            "app_id",
            FakeAlipay.APP,
            "private_key",
            FakeAlipay.appPrivateKey(),
            "app_cert",
            chain(APP),
            "alipay_cert",
            chain(FIRST),
            "root_cert",
            ROOTS,
            "gateway",
            alipay.gateway.url() + "/gateway.do"));
    private Instant now = NOON;

    @AfterEach
    void close() {
        client.close();
        alipay.close();
    }

    /** As Alipay's files have it: the certificate, then its issuer. */
    private static String chain(X509Certificate certificate) {
        return RsaKeys.pem(List.of(certificate, CLASS_2.certificate()));
    }

    private ChannelAccount account() {
        return ChannelAccount.of(new AlipayType(), "alipay", members);
    }

    private AlipayChannel channel() {
        assertThat(new AlipayType().problem(account())).isNull();
        return new AlipayChannel(
                AlipayAccount.of(account()),
                () -> URI.create("https://pay.example/callbacks/alipay"),
                client,
                () -> now,
                FakeAlipay.NO_TOKENS,
                new KeptFile(() -> folder, "certificates.pem"));
    }

    private DefaultAlipayClient sdk() throws AlipayApiException {
        CertAlipayRequest request = new CertAlipayRequest();
        request.setServerUrl(String.valueOf(members.get("gateway")));
        request.setAppId(FakeAlipay.APP);
        request.setPrivateKey(FakeAlipay.appPrivateKey());
        request.setFormat("json");
        request.setCharset("utf-8");
        request.setSignType("RSA2");
        request.setCertContent(String.valueOf(members.get("app_cert")));
        request.setAlipayPublicCertContent(String.valueOf(members.get("alipay_cert")));
        request.setRootCertContent(ROOTS);
        return new DefaultAlipayClient(request);
    }

    private static boolean believes(DefaultAlipayClient sdk) {
        AlipayTradeQueryRequest request = new AlipayTradeQueryRequest();
        request.setBizContent("{\"out_trade_no\":\"" + PAYMENT.id() + "\"}");
        try {
            return sdk.certificateExecute(request).isSuccess();
        } catch (AlipayApiException | RuntimeException e) {
            return false;
        }
    }

    private static boolean believes(AlipayChannel channel) {
        return channel.query(PAYMENT).evidence() instanceof Evidence.Paid;
    }

    /** Alipay signs with this certificate's key, and offers this one for download. */
    private void alipayUses(X509Certificate certificate, KeyPair keys, X509Certificate offered) {
        alipay.gateway.behave(request -> {
            Map<String, String> fields = FakeAlipay.fields(request);
            String method = String.valueOf(fields.get("method"));
            if (!FakeAlipay.signed(fields)) {
                return FakeAlipay.refused("isv.invalid-signature", "验签出错");
            }
            String content = Base64.getEncoder().encodeToString(chain(offered).getBytes(UTF_8));
            return FakeAlipay.said(FakeAlipay.envelope(
                    method,
                    method.equals(DOWNLOAD)
                            ? "{\"code\":\"10000\",\"msg\":\"Success\",\"alipay_cert_content\":\"" + content + "\"}"
                            : PAID,
                    AlipayCertificates.sn(certificate),
                    keys));
        });
    }

    private long asked(String method) {
        return alipay.gateway.asked().stream()
                .map(FakeAlipay::fields)
                .filter(fields -> method.equals(fields.get("method")))
                .count();
    }

    @Test
    void serialNumbersAreThoseOfTheSdk() throws AlipayApiException {
        AlipayCertificates certificates = AlipayCertificates.of(chain(APP), chain(FIRST), ROOTS);

        assertThat(certificates.appSn()).isEqualTo(AntCertificationUtil.getCertSN(APP));
        assertThat(certificates.rootSn())
                .isEqualTo(AntCertificationUtil.getRootCertSN(ROOTS))
                .hasSize(65);
    }

    @Test
    void bothAskAlikeAndBelieveTheSameAnswer() throws AlipayApiException {
        alipayUses(FIRST, FakeAlipay.ALIPAY_KEYS, FIRST);

        assertThat(believes(channel())).isTrue();
        assertThat(believes(sdk())).isTrue();

        List<Asked> asked = alipay.gateway.asked();
        Map<String, String> ours = FakeAlipay.fields(asked.getFirst());
        Map<String, String> theirs = FakeAlipay.fields(asked.getLast());
        assertThat(ours).containsKeys("app_cert_sn", "alipay_root_cert_sn");
        assertThat(theirs)
                .containsAllEntriesOf(Map.of(
                        "app_cert_sn",
                        ours.get("app_cert_sn"),
                        "alipay_root_cert_sn",
                        ours.get("alipay_root_cert_sn")));
    }

    @Test
    void aCertificateThatAlipayIssuedSinceIsFetchedOnceAndKeptOverARestart() throws AlipayApiException {
        alipayUses(NEXT, NEXT_KEYS, NEXT);

        AlipayChannel channel = channel();
        assertThat(believes(channel)).isTrue();
        assertThat(believes(channel)).isTrue();
        assertThat(asked(DOWNLOAD)).isEqualTo(1);
        assertThat(channel.certificates())
                .containsExactly(
                        new Certificate("app_cert", TestAuthority.UNTIL),
                        new Certificate("alipay_cert", TestAuthority.UNTIL));
        assertThat(believes(sdk())).isTrue();
        long before = asked(DOWNLOAD);

        AlipayChannel restarted = channel();
        assertThat(restarted.readCallback(callback(NEXT_KEYS))).isInstanceOf(Callback.Verified.class);
        assertThat(believes(restarted)).isTrue();
        assertThat(asked(DOWNLOAD)).isEqualTo(before);
    }

    @Test
    void aCertificateIsFetchedAtMostOnceAMinute() {
        X509Certificate foreign = new TestAuthority("CN=Certification Authority R1,O=Ant,C=CN", 12)
                .issue("CN=Alipay-2088,O=Alipay,C=CN", NEXT_KEYS.getPublic(), 1003, TestAuthority.UNTIL);
        alipayUses(foreign, NEXT_KEYS, foreign);

        AlipayChannel channel = channel();
        assertThat(believes(channel)).isFalse();
        assertThat(believes(channel)).isFalse();
        assertThat(asked(DOWNLOAD)).isEqualTo(1);

        now = now.plus(Duration.ofMinutes(1));
        assertThat(channel.query(PAYMENT).evidence())
                .asInstanceOf(InstanceOfAssertFactories.type(Evidence.Unknown.class))
                .extracting(Evidence.Unknown::reason)
                .asString()
                .contains("could not be fetched: it was not issued under root_cert");
        assertThat(asked(DOWNLOAD)).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void onlyACertificateOfTheNameThatWasAskedForIsUsed() throws AlipayApiException {
        alipayUses(NEXT, NEXT_KEYS, FIRST);

        assertThat(believes(channel())).isFalse();
    }

    /** An app's certificate is issued under the same root, and must not issue others. */
    @Test
    void aCertificateIssuedByAnAppIsNotBelieved() {
        TestAuthority app = CLASS_2.unmarkedAuthority("CN=2021000000000001,O=shop,C=CN", 1);
        X509Certificate byAnApp =
                app.issue("CN=Alipay-2088,O=Alipay,C=CN", NEXT_KEYS.getPublic(), 1003, TestAuthority.UNTIL);
        AlipayCertificates certificates = AlipayCertificates.of(chain(APP), chain(FIRST), ROOTS);

        assertThat(certificates.fault(byAnApp, List.of(app.certificate(), CLASS_2.certificate()), now))
                .isPresent();
    }

    /** So are the issuers of the sandbox; the one in the file of the settings is trusted. */
    @Test
    void theIssuerOfTheSettingsIsBelievedThoughItIsNotMarkedAsOne() {
        TestAuthority issuer = ROOT.unmarkedAuthority("CN=Certification Authority Class 2 R1 test,O=Ant,C=CN", 15);
        X509Certificate given =
                issuer.issue("CN=Alipay-2088,O=Alipay,C=CN", FakeAlipay.ALIPAY_KEYS.getPublic(), 1, SOON);
        X509Certificate next =
                issuer.issue("CN=Alipay-2088,O=Alipay,C=CN", NEXT_KEYS.getPublic(), 2, TestAuthority.UNTIL);
        AlipayCertificates certificates =
                AlipayCertificates.of(chain(APP), RsaKeys.pem(List.of(given, issuer.certificate())), ROOTS);
        assertThat(certificates.isOfOtherRoots()).isFalse();
        assertThat(certificates.fault(next, List.of(issuer.certificate()), now)).isEmpty();
        assertThat(certificates.fault(next, List.of(), TestAuthority.UNTIL.plusSeconds(1)))
                .contains("has expired");
    }

    @Test
    void anAnswerWithoutACertificatesNameIsNotBelieved() {
        alipay.gateway.behave(request -> FakeAlipay.said(FakeAlipay.envelope(QUERY, PAID)));

        assertThat(channel().query(PAYMENT).evidence())
                .isEqualTo(new Evidence.Unknown("the gateway's response is without alipay_cert_sn:"
                        + " the app may use a public key, not certificates"));
    }

    private static CallbackRequest callback(KeyPair keys) {
        Map<String, String> fields = fields();
        return new CallbackRequest(
                Map.of(), null, FakeAlipay.notification(fields, UTF_8, keys).getBytes(UTF_8));
    }

    private static Map<String, String> fields() {
        return new TreeMap<>(Map.of(
                "app_id", FakeAlipay.APP,
                "out_trade_no", PAYMENT.id().toString(),
                "trade_no", "2026112322001",
                "trade_status", "TRADE_SUCCESS",
                "total_amount", "12.30",
                "charset", "utf-8"));
    }

    @Test
    void callbacksAreVerifiedByTheCertificateAsTheSdkDoes() throws AlipayApiException, IOException {
        Path file = Files.writeString(folder.resolve("alipay.crt"), chain(FIRST));
        AlipayChannel channel = channel();

        for (KeyPair keys : List.of(FakeAlipay.ALIPAY_KEYS, NEXT_KEYS)) {
            CallbackRequest callback = callback(keys);
            boolean believed = channel.readCallback(callback) instanceof Callback.Verified;
            assertThat(believed).isEqualTo(keys == FakeAlipay.ALIPAY_KEYS);
            assertThat(AlipaySignature.rsaCertCheckV1(
                            FakeAlipay.parse(new String(callback.body(), UTF_8)), file.toString(), "utf-8", "RSA2"))
                    .isEqualTo(believed);
        }
    }

    @Test
    void afterItsExpiryACertificateProvesNothing() {
        alipayUses(FIRST, FakeAlipay.ALIPAY_KEYS, FIRST);
        AlipayChannel channel = channel();
        now = SOON.plusSeconds(1);

        assertThat(believes(channel)).isFalse();
        assertThat(channel.readCallback(callback(FakeAlipay.ALIPAY_KEYS))).isInstanceOf(Callback.Unverified.class);
        assertThat(channel.check()).contains("alipay_cert expired at " + SOON);
    }

    @Test
    void theCheckTellsAWrongKeyFromAWrongAppFromAnExpiredCertificate() {
        alipayUses(FIRST, FakeAlipay.ALIPAY_KEYS, FIRST);
        assertThat(channel().check()).isEmpty();

        for (Map.Entry<String, String> refusal : Map.of(
                        "isv.invalid-app-id", "app_id is not an app of this gateway (",
                        "isv.app-cert-not-exist", "app_cert is not this app's certificate, or the app uses",
                        "isv.invalid-alipay-root-cert-sn", "root_cert is not Alipay's current root certificate (")
                .entrySet()) {
            alipay.gateway.behave(request -> FakeAlipay.refused(refusal.getKey(), "?"));
            assertThat(channel().check()).singleElement().asString().startsWith(refusal.getValue());
            // Alipay also answers so, under the method's name and without a signature.
            alipay.gateway.behave(request -> unsigned(refusal.getKey()));
            assertThat(channel().check()).singleElement().asString().startsWith(refusal.getValue());
        }

        members.put(
                "private_key",
                Base64.getEncoder().encodeToString(NEXT_KEYS.getPrivate().getEncoded()));
        alipayUses(FIRST, FakeAlipay.ALIPAY_KEYS, FIRST);
        assertThat(channel().check())
                .hasSize(2)
                .contains("private_key is not the key of app_cert")
                .anySatisfy(
                        problem -> assertThat(problem)
                                .startsWith(
                                        "private_key does not match the key or certificate that was uploaded for this app_id ("));
    }

    private static Said unsigned(String code) {
        return FakeAlipay.said("{\"alipay_trade_query_response\":{\"code\":\"40002\",\"msg\":\"Invalid Arguments\","
                + "\"sub_code\":\"" + code + "\",\"sub_msg\":\"?\"}}");
    }

    @Test
    void theMembersOfOneModeAreRequired() {
        AlipayType type = new AlipayType();
        members.remove("root_cert");
        assertThat(type.problem(account())).isEqualTo("root_cert_file is missing in the certificate mode");
        members.remove("alipay_cert");
        members.remove("app_cert");
        assertThat(type.problem(account()))
                .isEqualTo("public_key_file is missing, or app_cert_file, alipay_cert_file and root_cert_file");
        members.put("public_key", FakeAlipay.alipayPublicKey());
        assertThat(type.problem(account())).isNull();
        members.put("app_cert", chain(APP));
        assertThat(type.problem(account())).contains("give those of one mode");
        members.remove("public_key");
        members.put("root_cert", RsaKeys.pem(List.of(OLD_ROOT.certificate())));
        members.put("alipay_cert", chain(FIRST));
        assertThat(type.problem(account())).isEqualTo("alipay_cert was not issued under root_cert");
        members.put("alipay_cert", RsaKeys.pem(List.of(FIRST)));
        assertThat(type.problem(account())).isNull();
    }
}
