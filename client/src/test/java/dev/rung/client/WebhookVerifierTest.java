package dev.rung.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.api.internal.util.AlipaySignature;
import com.standardwebhooks.Webhook;
import dev.rung.client.WebhookRejectedException.Reason;
import dev.rung.client.WebhookVerifier.Verified;
import java.net.URLEncoder;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verifier against signatures of the Standard Webhooks library, of Alipay's SDK, and of the JDK after the contract. */
class WebhookVerifierTest {
    private static final String ID = "ntf_0000000000abc";
    private static final byte[] BODY = "{\"amount\": 12.30, \"subject\": \"两杯茶\"}".getBytes(UTF_8);
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final byte[] SECRET_BYTES = "a-printable-secret-of-32-bytes!!".getBytes(UTF_8);
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(SECRET_BYTES);
    private static final String OTHER = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

    private static KeyPair ed25519;
    private static KeyPair rsa;

    @BeforeAll
    static void generateKeys() throws Exception {
        ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    }

    private static String whpk() {
        byte[] encoded = ed25519.getPublic().getEncoded();
        return "whpk_"
                + Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static WebhookVerifier verifier(String... keys) {
        return new WebhookVerifier(List.of(keys), Duration.ofMinutes(5), InstantSource.fixed(NOW));
    }

    private static Map<String, String> sent(Instant at, String signature) {
        Map<String, String> headers = new HashMap<>();
        headers.put("webhook-id", ID);
        headers.put("webhook-timestamp", Long.toString(at.getEpochSecond()));
        headers.put("webhook-signature", signature);
        return headers;
    }

    private static Map<String, String> hmac(Instant at) throws Exception {
        return sent(at, new Webhook(SECRET).sign(ID, at.getEpochSecond(), new String(BODY, UTF_8)));
    }

    private static Map<String, String> v1a(Instant at) throws Exception {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(ed25519.getPrivate());
        signer.update((ID + "." + at.getEpochSecond() + ".").getBytes(UTF_8));
        signer.update(BODY);
        return sent(at, "v1a," + Base64.getEncoder().encodeToString(signer.sign()));
    }

    private static void isRejected(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WebhookRejectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void standardWebhooksAreVerifiedInBothVersions() throws Exception {
        assertThat(verifier(SECRET).verify(hmac(NOW)::get, BODY)).isEqualTo(new Verified(ID, NOW, Map.of()));
        assertThat(verifier(whpk()).verify(v1a(NOW)::get, BODY)).isEqualTo(new Verified(ID, NOW, Map.of()));
        assertThat(verifier(OTHER, whpk(), SECRET).verify(hmac(NOW)::get, BODY).id())
                .isEqualTo(ID);
    }

    @Test
    void nothingThatWasChangedPasses() throws Exception {
        for (Map<String, String> headers : List.of(hmac(NOW), v1a(NOW))) {
            WebhookVerifier verifier = verifier(SECRET, whpk());
            isRejected(Reason.FORGED, () -> verifier.verify(headers::get, "{}".getBytes(UTF_8)));
            headers.put("webhook-id", "ntf_other");
            isRejected(Reason.FORGED, () -> verifier.verify(headers::get, BODY));
            headers.put("webhook-id", ID);
            headers.put("webhook-timestamp", Long.toString(NOW.getEpochSecond() + 1));
            isRejected(Reason.FORGED, () -> verifier.verify(headers::get, BODY));
        }
        Map<String, String> foreign = hmac(NOW);
        isRejected(Reason.FORGED, () -> verifier(OTHER).verify(foreign::get, BODY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "v1", "v1,", "v1,????", "v1a,", "v1a,AAAA", "v2,AAAA", ",", "v1,AAAA v1a,AAAA"})
    void whatIsNoSignatureIsRejected(String signature) {
        isRejected(Reason.FORGED, () -> verifier(SECRET, whpk()).verify(sent(NOW, signature)::get, BODY));
    }

    @Test
    void aSignatureOfOneVersionIsNotTakenForTheOther() throws Exception {
        Map<String, String> headers = hmac(NOW);
        headers.computeIfPresent("webhook-signature", (name, value) -> value.replace("v1,", "v1a,"));
        isRejected(Reason.FORGED, () -> verifier(SECRET, whpk()).verify(headers::get, BODY));
    }

    @Test
    void aMissingHeaderIsRejected() throws Exception {
        for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
            Map<String, String> headers = hmac(NOW);
            headers.remove(name);
            isRejected(Reason.UNSIGNED, () -> verifier(SECRET).verify(headers::get, BODY));
        }
    }

    @Test
    void anOldOrFutureTimestampIsRejected() throws Exception {
        for (int seconds : new int[] {-300, 300}) {
            assertThat(verifier(SECRET)
                            .verify(hmac(NOW.plusSeconds(seconds))::get, BODY)
                            .id())
                    .isEqualTo(ID);
        }
        for (int seconds : new int[] {-301, 301}) {
            Map<String, String> headers = hmac(NOW.plusSeconds(seconds));
            assertThatThrownBy(() -> verifier(SECRET).verify(headers::get, BODY))
                    .hasMessageContaining("off by 301s");
        }
        for (String odd : List.of("", "-1", "1e9", "99999999999999", "now")) {
            Map<String, String> headers = hmac(NOW);
            headers.put("webhook-timestamp", odd);
            isRejected(Reason.STALE, () -> verifier(SECRET).verify(headers::get, BODY));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "whsec_??", "whpk_AAAA", "whpk_", "whsec_", "whsk_AAAA"})
    void aMalformedKeyIsRefusedWithoutRepeatingIt(String key) {
        assertThatThrownBy(() -> new WebhookVerifier(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a key must be whsec_ or whpk_ and base64 of its bytes")
                .hasNoCause();
        for (ThrowingCallable each : List.<ThrowingCallable>of(
                () -> WebhookVerifier.rsa2Form(key),
                () -> WebhookVerifier.md5Form(key),
                () -> WebhookVerifier.hmacHex("X-Signature", key))) {
            assertThatThrownBy(each)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("a (secret|public key) must be .*")
                    .hasNoCause();
        }
    }

    @Test
    void aVerifierNeedsAKey() {
        for (ThrowingCallable each : List.<ThrowingCallable>of(
                WebhookVerifier::new,
                WebhookVerifier::rsa2Form,
                WebhookVerifier::md5Form,
                () -> WebhookVerifier.hmacHex("X-Signature"))) {
            assertThatThrownBy(each).hasMessageContaining("at least one");
        }
    }

    private static Map<String, String> fields() {
        Map<String, String> fields = new TreeMap<>();
        fields.put("notify_id", ID);
        fields.put("subject", "两杯茶 & more=%");
        fields.put("amount", "12.30");
        fields.put("empty", "");
        return fields;
    }

    private static byte[] form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), UTF_8))
                .collect(Collectors.joining("&"))
                .getBytes(UTF_8);
    }

    private static Map<String, String> rsa2() throws Exception {
        Map<String, String> fields = fields();
        String sign = AlipaySignature.rsaSign(
                AlipaySignature.getSignContent(fields),
                Base64.getEncoder().encodeToString(rsa.getPrivate().getEncoded()),
                "UTF-8",
                "RSA2");
        fields.put("sign_type", "RSA2");
        fields.put("sign", sign);
        return fields;
    }

    private static String rsaKey() {
        return Base64.getEncoder().encodeToString(rsa.getPublic().getEncoded());
    }

    @Test
    void aFormOfAlipaysSdkIsVerified() throws Exception {
        String pem = "-----BEGIN PUBLIC KEY-----\n" + rsaKey() + "\n-----END PUBLIC KEY-----\n";
        for (String key : List.of(rsaKey(), pem)) {
            Verified verified = WebhookVerifier.rsa2Form(key).verify(name -> null, form(rsa2()));
            assertThat(verified.id()).isEqualTo(ID);
            assertThat(verified.sentAt()).isNull();
            assertThat(verified.fields())
                    .containsEntry("subject", "两杯茶 & more=%")
                    .containsEntry("sign_type", "RSA2")
                    .doesNotContainKey("sign");
        }
    }

    @Test
    void aFormThatWasChangedIsRejected() throws Exception {
        WebhookVerifier verifier = WebhookVerifier.rsa2Form(rsaKey());
        Map<String, String> changed = rsa2();
        changed.put("amount", "12.31");
        isRejected(Reason.FORGED, () -> verifier.verify(name -> null, form(changed)));
        Map<String, String> unsigned = fields();
        isRejected(Reason.UNSIGNED, () -> verifier.verify(name -> null, form(unsigned)));
        Map<String, String> malformed = rsa2();
        malformed.put("sign", "?");
        isRejected(Reason.FORGED, () -> verifier.verify(name -> null, form(malformed)));
        String twice = new String(form(rsa2()), UTF_8) + "&amount=99";
        isRejected(Reason.FORGED, () -> verifier.verify(name -> null, twice.getBytes(UTF_8)));
        isRejected(Reason.FORGED, () -> verifier.verify(name -> null, "a=%zz&sign=x".getBytes(UTF_8)));
        isRejected(Reason.UNSIGNED, () -> verifier.verify(name -> null, BODY));
    }

    private static Map<String, String> md5() throws Exception {
        Map<String, String> fields = fields();
        fields.put("sign_type", "MD5");
        String text = fields.entrySet().stream()
                        .filter(f -> !f.getValue().isEmpty())
                        .map(f -> f.getKey() + "=" + f.getValue())
                        .collect(Collectors.joining("&"))
                + "&key=" + new String(SECRET_BYTES, UTF_8);
        byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8));
        fields.put("sign", HexFormat.of().withUpperCase().formatHex(digest));
        return fields;
    }

    @Test
    void anMd5FormIsVerified() throws Exception {
        assertThat(WebhookVerifier.md5Form(OTHER, SECRET)
                        .verify(name -> null, form(md5()))
                        .fields())
                .containsEntry("sign_type", "MD5");
        Map<String, String> changed = md5();
        changed.put("sign_type", "RSA2");
        isRejected(Reason.FORGED, () -> WebhookVerifier.md5Form(SECRET).verify(name -> null, form(changed)));
        isRejected(Reason.FORGED, () -> WebhookVerifier.md5Form(OTHER).verify(name -> null, form(md5())));
    }

    @Test
    void anHmacInHexIsVerified() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET_BYTES, "HmacSHA256"));
        String signature = HexFormat.of().formatHex(mac.doFinal(BODY));
        Map<String, String> headers = Map.of("X-Signature", signature, "webhook-id", ID);
        WebhookVerifier verifier = WebhookVerifier.hmacHex("X-Signature", OTHER, SECRET);
        assertThat(verifier.verify(headers::get, BODY)).isEqualTo(new Verified(ID, null, Map.of()));
        isRejected(Reason.FORGED, () -> verifier.verify(headers::get, "{}".getBytes(UTF_8)));
        isRejected(Reason.UNSIGNED, () -> verifier.verify(name -> null, BODY));
        isRejected(Reason.UNSIGNED, () -> verifier.verify(Map.of("X-Signature", signature)::get, BODY));
    }
}
