package dev.rung.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.channel.gateway.FakeGateway;
import dev.rung.channel.gateway.FakeGateway.Said;
import dev.rung.channel.gateway.Orders;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.wechatpay.FakeWechatpay;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose settings describe accounts at Alipay and WeChat Pay, against gateways on this machine. */
class PlatformsTest {
    private static final String APP = "2021000000000001";
    private static final KeyPair ALIPAY_KEYS = Orders.rsa();
    private static final KeyPair APP_KEYS = Orders.rsa();

    private static final FakeGateway alipay = new FakeGateway();
    private static final FakeWechatpay wechatpay = new FakeWechatpay(InstantSource.system());
    private static final HttpClient http = HttpClient.newHttpClient();
    private static ServerFixture scene;
    private static String merchant;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() {
        Map<Setting, String> settings = new HashMap<>();
        settings.put(ServerFixture.flag("alipay", "app_id"), APP);
        settings.put(
                ServerFixture.flag("alipay", "private_key"),
                file("app", base64(APP_KEYS.getPrivate().getEncoded())));
        settings.put(
                ServerFixture.flag("alipay", "public_key"),
                file("alipay", base64(ALIPAY_KEYS.getPublic().getEncoded())));
        settings.put(ServerFixture.flag("alipay", "gateway"), alipay.url() + "/gateway.do");
        settings.put(ServerFixture.flag("wechatpay", "app_id"), FakeWechatpay.APP);
        settings.put(ServerFixture.flag("wechatpay", "mch_id"), FakeWechatpay.MERCHANT);
        settings.put(ServerFixture.flag("wechatpay", "serial_no"), FakeWechatpay.MERCHANT_SERIAL);
        settings.put(
                ServerFixture.flag("wechatpay", "private_key"),
                file("merchant", base64(FakeWechatpay.MERCHANT_KEYS.getPrivate().getEncoded())));
        settings.put(ServerFixture.flag("wechatpay", "api_v3_key"), file("v3", FakeWechatpay.API_V3_KEY));
        settings.put(ServerFixture.flag("wechatpay", "public_key_id"), FakeWechatpay.KEY_ID);
        settings.put(
                ServerFixture.flag("wechatpay", "public_key"),
                file("platform", base64(FakeWechatpay.PLATFORM_KEYS.getPublic().getEncoded())));
        settings.put(
                ServerFixture.flag("wechatpay", "gateway"),
                wechatpay.gateway.url().toString());
        scene = new ServerFixture(folder.resolve("data"), settings);
        merchant = scene.merchant();
    }

    @AfterAll
    static void stop() {
        scene.close();
        alipay.close();
        wechatpay.close();
        http.close();
    }

    private static String file(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static TestResponse ask(String channel, String number) {
        return scene.operator.post("/v1/payments", """
                {"merchant_id":"%s","out_trade_no":"%s","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
                 "channel":"%s"}""".formatted(merchant, number, channel));
    }

    /** A payment that the platform has placed, which on a busy machine may be a moment after the answer. */
    private static TestResponse placed(String channel, String number) {
        String id = ask(channel, number).expect(201).at("/id");
        return await().pollDelay(Duration.ZERO)
                .until(
                        () -> scene.operator.get("/v1/payments/" + id).expect(200),
                        shown -> !shown.at("/state").equals("created"));
    }

    private static HttpResponse<String> callBack(String channel, Map<String, String> headers, String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(scene.server.address() + "/callbacks/" + channel))
                .POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String state(String payment) {
        return scene.operator.get("/v1/payments/" + payment).expect(200).at("/state");
    }

    private static void isTold(String payment) {
        await().untilAsserted(() -> assertThat(scene.shop.received())
                .filteredOn(r -> r.body().contains(payment))
                .singleElement()
                .satisfies(r -> assertThat(r.body()).contains("\"state\":\"succeeded\"", "\"value\":1230")));
    }

    private static Said alipaySays(FakeGateway.Asked request) {
        String query = request.target().getRawQuery();
        String method = query.replaceFirst(".*method=([a-z.]+).*", "$1").replace('.', '_') + "_response";
        String number =
                URLDecoder.decode(new String(request.body(), UTF_8), UTF_8).replaceFirst(".*\"(pay_\\w+)\".*", "$1");
        String response = "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + number
                + "\",\"qr_code\":\"https://qr.alipay.com/" + number + "\",\"trade_status\":\"WAIT_BUYER_PAY\"}";
        String sign = RsaKeys.sign(ALIPAY_KEYS.getPrivate(), response.getBytes(UTF_8));
        return new Said(
                200, Map.of(), ("{\"" + method + "\":" + response + ",\"sign\":\"" + sign + "\"}").getBytes(UTF_8));
    }

    private static String alipayNotification(String payment, String amount) {
        Map<String, String> fields = new TreeMap<>(Map.of(
                "app_id",
                APP,
                "out_trade_no",
                payment,
                "trade_no",
                "2026112322001",
                "trade_status",
                "TRADE_SUCCESS",
                "total_amount",
                amount,
                "gmt_payment",
                "2026-11-23 12:03:04"));
        String text = fields.entrySet().stream()
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining("&"));
        fields.put("sign", RsaKeys.sign(ALIPAY_KEYS.getPrivate(), text.getBytes(UTF_8)));
        fields.put("sign_type", "RSA2");
        return fields.entrySet().stream()
                .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Test
    void anAlipayPaymentIsPlacedCalledBackAndTold() throws Exception {
        alipay.behave(PlatformsTest::alipaySays);
        TestResponse placed = placed("alipay", "A1");
        String payment = placed.at("/id");
        assertThat(placed.at("/state")).isEqualTo("paying");
        assertThat(placed.at("/pay_url")).isEqualTo("https://qr.alipay.com/" + payment);
        assertThat(alipay.asked())
                .extracting(request -> request.target().getRawQuery())
                .anyMatch(query -> query.contains(
                        "notify_url=" + URLEncoder.encode(scene.server.address() + "/callbacks/alipay", UTF_8)));

        String genuine = alipayNotification(payment, "12.30");
        Map<String, String> form = Map.of("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        HttpResponse<String> forged = callBack("alipay", form, genuine.replace("12.30", "12.31"));
        assertThat(forged.body()).isEqualTo("failure");
        assertThat(state(payment)).isEqualTo("paying");

        HttpResponse<String> accepted = callBack("alipay", form, genuine);
        assertThat(accepted.statusCode()).isEqualTo(200);
        assertThat(accepted.body()).isEqualTo("success");
        assertThat(state(payment)).isEqualTo("succeeded");
        isTold(payment);
    }

    @Test
    void aSubjectThatAlipayCannotSignUnambiguouslyIsRefused() {
        scene.operator
                .post(
                        "/v1/payments",
                        "{\"merchant_id\":\"" + scene.merchant() + "\",\"out_trade_no\":\"A9\",\"channel\":\"alipay\","
                                + "\"subject\":\"tea&trade_status=TRADE_SUCCESS&u=\","
                                + "\"amount\":{\"value\":1230,\"currency\":\"CNY\"}}")
                .expectInvalid("subject");
    }

    @Test
    void aWechatpayPaymentIsPlacedCalledBackAndTold() throws Exception {
        wechatpay.respond(
                "POST /v3/pay/transactions/native", 200, "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}");
        TestResponse placed = placed("wechatpay", "W1");
        String payment = placed.at("/id");
        assertThat(placed.at("/pay_url")).isEqualTo("weixin://wxpay/bizpayurl?pr=JyC91EIz1");

        String notification = FakeWechatpay.notification(
                "TRANSACTION.SUCCESS", FakeWechatpay.transaction(payment, "SUCCESS"), FakeWechatpay.API_V3_KEY);
        Map<String, String> headers = wechatpay.signed(notification.getBytes(UTF_8));
        Map<String, String> probe = new TreeMap<>(headers);
        probe.put(
                "Wechatpay-Signature",
                "WECHATPAY/SIGNTEST/" + headers.get("Wechatpay-Signature").substring(19));
        HttpResponse<String> probed = callBack("wechatpay", probe, notification);
        assertThat(probed.statusCode()).isEqualTo(400);
        assertThat(probed.body()).startsWith("{\"code\":\"FAIL\",\"message\":");
        assertThat(state(payment)).isEqualTo("paying");

        HttpResponse<String> accepted = callBack("wechatpay", headers, notification);
        assertThat(accepted.statusCode()).isEqualTo(204);
        assertThat(accepted.body()).isEmpty();
        assertThat(state(payment)).isEqualTo("succeeded");
        isTold(payment);
    }

    @Test
    void whatThePlatformRefusesHasFailed() {
        wechatpay.respond(
                "POST /v3/pay/transactions/native", 400, "{\"code\":\"PARAM_ERROR\",\"message\":\"description\"}");
        scene.operator.post("/v1/payments", """
                {"merchant_id":"%s","out_trade_no":"W2","amount":{"value":1,"currency":"CNY"},"subject":"x","channel":"wechatpay",
                 "channel_options":{"outcome":"succeeds"}}""".formatted(merchant)).expectInvalid("channel_options");

        String payment = ask("wechatpay", "W3").expect(201).at("/id");

        await().untilAsserted(() -> assertThat(scene.shop.received())
                .anyMatch(r -> r.body().contains(payment) && r.body().contains("\"state\":\"failed\"")));
    }
}
