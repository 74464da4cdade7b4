package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant.Received;
import dev.rung.server.fixture.TestResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merchants that integrated with another platform change nothing: their dialects, keys and headers. */
class MerchantContractsTest {
    private static ServerFixture scene;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void aFormIsSignedWithMd5() throws Exception {
        TestResponse merchant = create(",\"signing\":\"md5-form\"");
        byte[] secret = secret(merchant);
        assertThat(new String(secret, StandardCharsets.US_ASCII)).matches("[A-Za-z0-9]{16,64}");

        Received received = received(scene.send(
                merchant.at("/id"),
                "{\"total\":12.30,\"empty\":\"\",\"subject\":\"tea & \\u8336\",\"nested\":{\"a\":1}}"));

        Map<String, String> form = form(received.body());
        assertThat(form)
                .containsEntry("total", "12.30")
                .containsEntry("subject", "tea & 茶")
                .containsEntry("nested", "{\"a\":1}")
                .containsEntry("sign_type", "MD5");
        String signed = "nested={\"a\":1}&sign_type=MD5&subject=tea & 茶&total=12.30&key="
                + new String(secret, StandardCharsets.US_ASCII);
        byte[] md5 = MessageDigest.getInstance("MD5").digest(signed.getBytes(StandardCharsets.UTF_8));
        assertThat(form.get("sign")).isEqualTo(HexFormat.of().withUpperCase().formatHex(md5));
        assertThat(received.header("webhook-id")).startsWith("ntf_");
        scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + merchant.at("/id") + "\",\"payload\":{\"sign\":1}}")
                .expectInvalid("payload");
    }

    @Test
    void aBodyIsSignedInAHeaderOfTheMerchantsChoice() throws Exception {
        TestResponse merchant = create(",\"signing\":\"hmac-hex\",\"signature_header\":\"X-Shop-Sign\"");
        Received received = received(scene.send(merchant.at("/id"), "{\"a\": 1}"));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret(merchant), "HmacSHA256"));
        assertThat(received.header("x-shop-sign"))
                .isEqualTo(HexFormat.of().formatHex(mac.doFinal("{\"a\": 1}".getBytes(StandardCharsets.UTF_8))));
        assertThat(received.header("webhook-signature")).isNull();
    }

    @Test
    void aMerchantKeepsItsSecret() {
        String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[24]);
        TestResponse merchant = create(",\"signing_secret\":\"" + secret + "\"");
        assertThat(merchant.at("/signing_secret")).isEqualTo(secret);
        scene.operator
                .post(
                        "/v1/merchants/" + merchant.at("/id") + "/rotate-secret",
                        "{\"overlap\":\"0s\",\"signing_secret\":\"" + secret + "\"}")
                .expect(200);
        for (String bad : new String[] {"whsec_AAAA", "secret", "whsec_" + "!".repeat(40)}) {
            refused(",\"signing_secret\":\"" + bad + "\"").expectInvalid("signing_secret");
        }
        refused(",\"private_key\":\"x\"").expectInvalid("private_key");
    }

    @Test
    void aMerchantKeepsItsPrivateKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\\n-----END PRIVATE KEY-----\\n";
        TestResponse merchant = create(",\"signing\":\"rsa2-form\",\"private_key\":\"" + pem + "\"");
        assertThat(merchant.at("/public_key"))
                .isEqualTo(Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
        refused(",\"signing\":\"rsa2-form\",\"private_key\":\"nonsense\"").expectInvalid("private_key");
    }

    @Test
    void staticHeadersAreSentAndTheirValuesAreSecrets() {
        TestResponse merchant = create(",\"headers\":{\"Authorization\":\"Bearer s3cret\",\"X-Shop\":\"7\"}");
        String path = "/v1/merchants/" + merchant.at("/id");
        assertThat(scene.operator.get(path).json().get("headers").toString())
                .isEqualTo("{\"Authorization\":\"***\",\"X-Shop\":\"***\"}");
        Received received = received(scene.send(merchant.at("/id"), "1"));
        assertThat(received.header("authorization")).isEqualTo("Bearer s3cret");
        assertThat(received.header("x-shop")).isEqualTo("7");

        scene.operator.patch(path, "{\"headers\":null}").expect(200);
        received = received(scene.send(merchant.at("/id"), "1"));
        assertThat(received.header("authorization")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "content-type",
                "Webhook-Id",
                "rung-attempt",
                "Connection",
                "proxy-connection",
                "transfer-encoding",
                "a b",
                ""
            })
    void headersOfRungAndOfTheConnectionCannotBeSet(String name) {
        refused(",\"headers\":{\"" + name + "\":\"x\"}").expectInvalid("headers." + name);
        refused(",\"signing\":\"hmac-hex\",\"signature_header\":\"" + name + "\"")
                .expectInvalid("signature_header");
    }

    @Test
    void headersHaveLimits() {
        refused(",\"headers\":{\"X-A\":\"" + "x".repeat(1_025) + "\"}").expectInvalid("headers.X-A");
        refused(",\"headers\":{\"X-A\":\"x\\r\\nX-B: y\"}").expectInvalid("headers.X-A");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 21; i++) {
            many.append(i == 0 ? "" : ",").append("\"X-").append(i).append("\":\"1\"");
        }
        refused(",\"headers\":{" + many + "}").expectInvalid("headers");
    }

    @Test
    void theKeyOfAClientCertificateIsNeverShown(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("client");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "client",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=client",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
        String cert = pem("CERTIFICATE", store.getCertificate("client").getEncoded());
        String key = pem(
                "PRIVATE KEY", store.getKey("client", "changeit".toCharArray()).getEncoded());
        TestResponse merchant = create(
                ",\"tls\":{\"ca\":\"" + cert + "\",\"client_cert\":\"" + cert + "\",\"client_key\":\"" + key + "\"}");
        String path = "/v1/merchants/" + merchant.at("/id");
        assertThat(scene.operator.get(path).at("/tls/client_key")).isEqualTo("***");
        assertThat(scene.operator.get(path).at("/tls/ca")).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(scene.operator
                        .patch(path, "{\"tls\":null}")
                        .json()
                        .get("tls")
                        .isNull())
                .isTrue();
        refused(",\"tls\":{\"ca\":\"nonsense\"}").expectInvalid("tls.ca");
        refused(",\"tls\":{\"client_cert\":\"" + cert + "\"}").expectInvalid("tls.client_key");
        refused(",\"tls\":{\"client_key\":\"" + key + "\"}").expectInvalid("tls.client_cert");
        refused(",\"tls\":{\"client_cert\":\"" + cert + "\",\"client_key\":\"x\"}")
                .expectInvalid("tls.client_key");
        refused(",\"tls\":{\"cert\":\"x\"}").expectInvalid("tls.cert");
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\\n" + Base64.getEncoder().encodeToString(der) + "\\n-----END " + type
                + "-----\\n";
    }

    private static TestResponse create(String more) {
        return refused(more).expect(201);
    }

    private static TestResponse refused(String more) {
        return scene.operator.post(
                "/v1/merchants", "{\"name\":\"Tea House\",\"notify_url\":\"" + scene.shop.url() + "\"" + more + "}");
    }

    private static byte[] secret(TestResponse merchant) {
        return Base64.getDecoder().decode(merchant.at("/signing_secret").substring("whsec_".length()));
    }

    private static Received received(String notification) {
        return await().until(
                        () -> scene.shop.received().stream()
                                .filter(r -> r.header("webhook-id").equals(notification))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new TreeMap<>();
        for (String field : body.split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }
}
