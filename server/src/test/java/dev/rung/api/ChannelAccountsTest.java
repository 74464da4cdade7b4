package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.channel.gateway.FakeGateway;
import dev.rung.channel.gateway.Orders;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.gateway.TestAuthority;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Channel accounts that are made by API. */
class ChannelAccountsTest {
    private static final KeyPair APP_KEYS = Orders.rsa();
    private static final KeyPair ALIPAY_KEYS = Orders.rsa();

    @TempDir
    private static Path dataDir;

    private static ServerFixture scene;
    private static FakeGateway alipay;
    private static String merchant;

    @BeforeAll
    static void start() {
        alipay = new FakeGateway();
        scene = new ServerFixture(dataDir, Map.of(Setting.QUERY_LADDER, "1s,2s"));
        merchant = scene.merchant();
    }

    @AfterAll
    static void stop() {
        scene.close();
        alipay.close();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String privateKey() {
        return base64(APP_KEYS.getPrivate().getEncoded());
    }

    /** The public key begins with a byte order mark, as some editors write it. */
    private static TestResponse alipay(String name) {
        return scene.operator.post("/v1/channels", """
                {"name":"%s","type":"alipay","app_id":"2021000000000001","private_key":"%s","public_key":"%s",
                 "gateway":"%s/gateway.do"}""".formatted(
                name, privateKey(), "\uFEFF" + base64(ALIPAY_KEYS.getPublic().getEncoded()), alipay.url()));
    }

    private static TestResponse pay(String merchantId, String number, String channel) {
        return scene.operator.post("/v1/payments", """
                {"merchant_id":"%s","out_trade_no":"%s","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
                 "channel":"%s","method":"page"}""".formatted(merchantId, number, channel));
    }

    @Test
    void anAccountIsUsedAtOnceAndItsSecretsAreNeverShown() throws IOException {
        TestResponse made = alipay("alipay-shanghai").expect(201);
        assertThat(made.at("/name")).isEqualTo("alipay-shanghai");
        assertThat(made.at("/source")).isEqualTo("api");
        assertThat(made.at("/app_id")).isEqualTo("2021000000000001");
        assertThat(made.json().at("/secrets/0").asString()).isEqualTo("private_key");
        assertThat(pay(merchant, "C1", "alipay-shanghai").expect(201).at("/pay_url"))
                .startsWith(alipay.url() + "/gateway.do?");
        String shown = scene.operator.get("/v1/channels").expect(200).json().toString()
                + scene.viewer.get("/v1/channels/alipay-shanghai").expect(200).json()
                + scene.operator.get("/v1/audit").expect(200).json();
        assertThat(shown).contains("alipay-shanghai", "channel.create").doesNotContain(privateKey());
        try (Stream<Path> files = Files.walk(dataDir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(privateKey());
            }
        }
    }

    @Test
    void anAccountIsChanged() {
        alipay("alipay-changed").expect(201);
        TestResponse changed = scene.operator
                .patch("/v1/channels/alipay-changed", "{\"mode\":\"page\",\"seller_id\":\"2088102146225135\"}")
                .expect(200);
        assertThat(changed.json().at("/methods/0").asString()).isEqualTo("page");
        assertThat(changed.at("/seller_id")).isEqualTo("2088102146225135");
        assertThat(scene.operator
                        .patch("/v1/channels/alipay-changed", "{\"seller_id\":null}")
                        .expect(200)
                        .json()
                        .get("seller_id")
                        .isNull())
                .isTrue();
        scene.operator
                .patch("/v1/channels/alipay-changed", "{\"private_key\":\"not a key\"}")
                .expectInvalid("private_key");
        scene.operator
                .patch("/v1/channels/alipay-changed", "{\"private_key\":null}")
                .expectInvalid("private_key");
        scene.operator
                .patch("/v1/channels/alipay-changed", "{\"colour\":\"red\"}")
                .expectInvalid("colour");
        scene.viewer.patch("/v1/channels/alipay-changed", "{\"mode\":\"page\"}").expectProblem(403);
    }

    @Test
    void anAccountChangesFromThePublicKeyToCertificates() {
        TestAuthority root = new TestAuthority("CN=Certification Authority R1,O=Ant,C=CN", 1);
        String app = RsaKeys.pem(List.of(root.issue("CN=shop", APP_KEYS.getPublic(), 2, TestAuthority.UNTIL)));
        String ofAlipay =
                RsaKeys.pem(List.of(root.issue("CN=Alipay", ALIPAY_KEYS.getPublic(), 3, TestAuthority.UNTIL)));
        alipay("alipay-certified").expect(201);
        scene.operator
                .patch("/v1/channels/alipay-certified", json("app_cert", app, "public_key", null))
                .expectInvalid("alipay_cert");
        TestResponse changed = scene.operator
                .patch(
                        "/v1/channels/alipay-certified",
                        json(
                                "public_key",
                                null,
                                "app_cert",
                                app,
                                "alipay_cert",
                                ofAlipay,
                                "root_cert",
                                RsaKeys.pem(List.of(root.certificate()))))
                .expect(200);
        assertThat(changed.at("/app_cert")).isEqualTo(app);
        assertThat(changed.json().get("public_key").isNull()).isTrue();
        assertThat(pay(merchant, "C9", "alipay-certified").expect(201).at("/pay_url"))
                .contains("app_cert_sn=", "alipay_root_cert_sn=");
    }

    @Test
    void aServiceProvidersAccountTakesPaymentsForTheMerchantsBelow() {
        scene.operator
                .post(
                        "/v1/channels",
                        json(
                                "name",
                                "alipay-isv",
                                "type",
                                "alipay",
                                "app_id",
                                "2021000000000001",
                                "private_key",
                                privateKey(),
                                "public_key",
                                base64(ALIPAY_KEYS.getPublic().getEncoded()),
                                "app_auth_token",
                                "ofTheAccount01",
                                "gateway",
                                alipay.url() + "/gateway.do"))
                .expect(201);
        scene.operator
                .post(
                        "/v1/channels",
                        json(
                                "name",
                                "wechat-isv",
                                "type",
                                "wechatpay",
                                "app_id",
                                "wx0000000000000000",
                                "mch_id",
                                "1900000001",
                                "serial_no",
                                "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
                                "private_key",
                                privateKey(),
                                "api_v3_key",
                                "0123456789abcdef0123456789ABCDEF",
                                "sub_mchid",
                                "1900000777",
                                "gateway",
                                alipay.url().toString()))
                .expect(201);
        TestResponse made = scene.operator
                .post(
                        "/v1/merchants",
                        json("name", "Below", "sub_mchid", "1900000109", "app_auth_token", "ofTheMerchant01"))
                .expect(201);
        String below = made.at("/id");
        assertThat(made.at("/sub_mchid")).isEqualTo("1900000109");
        assertThat(made.at("/app_auth_token")).isEqualTo("***");
        scene.operator
                .post("/v1/merchants", json("name", "Below", "sub_appid", "wx1"))
                .expectInvalid("sub_appid");

        assertThat(pay(below, "S1", "alipay-isv").expect(201).at("/pay_url"))
                .contains("app_auth_token=ofTheMerchant01");
        assertThat(pay(merchant, "S2", "alipay-isv").expect(201).at("/pay_url"))
                .contains("app_auth_token=ofTheAccount01");
        assertThat(orderAtWechat(below, "S3")).contains("\"sub_mchid\":\"1900000109\"");
        assertThat(orderAtWechat(merchant, "S4")).contains("\"sub_mchid\":\"1900000777\"");

        scene.operator
                .patch("/v1/merchants/" + below, json("app_auth_token", null, "sub_appid", "wx1"))
                .expect(200);
        assertThat(pay(below, "S5", "alipay-isv").expect(201).at("/pay_url")).contains("app_auth_token=ofTheAccount01");
        assertThat(orderAtWechat(below, "S6")).contains("\"sub_appid\":\"wx1\"");
        assertThat(scene.viewer.get("/v1/merchants/" + below).expect(200).json().toString())
                .contains("\"sub_appid\":\"wx1\"", "\"app_auth_token\":null");
        assertThat(scene.operator.get("/v1/merchants").expect(200).json().toString()
                        + scene.operator.get("/v1/channels").expect(200).json()
                        + scene.operator.get("/v1/audit").expect(200).json())
                .doesNotContain("ofTheMerchant01", "ofTheAccount01");
    }

    private static String orderAtWechat(String merchantId, String number) {
        String payment = scene.operator
                .post("/v1/payments", """
                {"merchant_id":"%s","out_trade_no":"%s","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
                 "channel":"wechat-isv","method":"qr"}""".formatted(merchantId, number))
                .expect(201)
                .at("/id");
        return alipay.asked().stream()
                .filter(asked -> asked.target().getPath().equals("/v3/pay/partner/transactions/native"))
                .map(asked -> new String(asked.body(), StandardCharsets.UTF_8))
                .filter(order -> order.contains(payment))
                .findFirst()
                .orElseThrow();
    }

    private static String json(@Nullable String... namesAndValues) {
        ObjectNode members = JsonMapper.shared().createObjectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return members.toString();
    }

    @Test
    void theBillOfTheDayBeforeIsComparedByItself() {
        scene.operator
                .post("/v1/channels", "{\"name\":\"billed\",\"type\":\"simulator\",\"bills\":{\"at\":\"25:00\"}}")
                .expectInvalid("bills.at");
        TestResponse made = scene.operator
                .post(
                        "/v1/channels",
                        "{\"name\":\"billed\",\"type\":\"simulator\",\"bills\":{\"at\":\"00:00\"},\"orders_prefix\":\"pay_\"}")
                .expect(201);
        assertThat(made.at("/bills/at")).isEqualTo("00:00");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> scene.viewer
                        .get("/v1/reconciliations?channel=billed")
                        .expect(200)
                        .json()
                        .at("/data/0/state")
                        .asString("")
                        .equals("finished"));
        JsonNode day =
                scene.viewer.get("/v1/reconciliations?channel=billed").json().at("/data/0");
        assertThat(day.get("day").asString())
                .isEqualTo(
                        LocalDate.now(ZoneId.of("Asia/Shanghai")).minusDays(1).toString());
        assertThat(day.at("/result/rung/payments/count").asInt()).isZero();
        assertThat(scene.viewer
                        .get("/v1/reconciliations/" + day.get("id").asString())
                        .expect(200)
                        .json())
                .isEqualTo(day);
        scene.viewer.get("/v1/reconciliations/rcn_0000000000000").expectProblem(404);
        assertThat(scene.operator
                        .patch("/v1/channels/billed", "{\"bills\":{\"at\":\"off\"}}")
                        .expect(200)
                        .at("/bills/at"))
                .isEqualTo("off");
    }

    @Test
    void whatIsWrongIsNamed() {
        alipay("alipay-used").expect(201);
        alipay("alipay-used").expectProblem(409);
        alipay("simulator").expectProblem(409);
        alipay("a b").expectInvalid("name");
        scene.operator
                .post("/v1/channels", "{\"name\":\"x\",\"type\":\"paypal\"}")
                .expectInvalid("type");
        scene.operator
                .post("/v1/channels", "{\"name\":\"x\",\"type\":\"alipay\"}")
                .expectInvalid("app_id");
    }

    @Test
    void anAccountOfTheSettingsIsNotChanged() {
        assertThat(scene.operator
                        .patch("/v1/channels/simulator", "{}")
                        .expectProblem(409)
                        .text())
                .contains("channel_in_settings", "rung.yaml");
        scene.operator.delete("/v1/channels/simulator").expectProblem(409);
        scene.operator.get("/v1/channels/nowhere").expectProblem(404);
    }

    @Test
    void anAccountInUseIsNotDeleted() {
        scene.operator
                .post("/v1/channels", "{\"name\":\"bank\",\"type\":\"simulator\"}")
                .expect(201);
        String payment = pay(merchant, "C2", "bank").expect(201).at("/id");
        assertThat(scene.operator.delete("/v1/channels/bank").expectProblem(409).text())
                .contains("channel_in_use");
        scene.operator.post("/v1/payments/" + payment + "/close", "{}").expect(200);
        await().until(() ->
                scene.operator.get("/v1/payments/" + payment).at("/state").equals("closed"));
        scene.operator.delete("/v1/channels/bank").expect(204);
        scene.operator.get("/v1/channels/bank").expectProblem(404);
        pay(merchant, "C3", "bank").expectInvalid("channel");
    }

    @Test
    void anAccountIsChecked() {
        scene.operator
                .post("/v1/channels", "{\"name\":\"bank2\",\"type\":\"simulator\"}")
                .expect(201);
        assertThat(scene.operator
                        .post("/v1/channels/bank2/check", "{}")
                        .expect(200)
                        .json()
                        .get("ok")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aMerchantIsBoundToAccounts() {
        String bound = scene.merchant(",\"channels\":[\"simulator\"]");
        assertThat(scene.operator
                        .get("/v1/merchants/" + bound)
                        .expect(200)
                        .json()
                        .at("/channels/0")
                        .asString())
                .isEqualTo("simulator");
        alipay("alipay-other").expect(201);
        pay(bound, "C4", "alipay-other").expectInvalid("channel");
        pay(bound, "C5", "simulator").expect(201);
        scene.operator
                .patch("/v1/merchants/" + bound, "{\"channels\":[\"nowhere\"]}")
                .expectInvalid("channels[0]");
        scene.operator.patch("/v1/merchants/" + bound, "{\"channels\":null}").expect(200);
        pay(bound, "C6", "alipay-other").expect(201);
    }
}
