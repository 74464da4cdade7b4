package dev.rung.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Payments through the whole server and the simulated bank, with every kind of result. */
class SimulatorPaymentsTest {
    @TempDir
    private static Path folder;

    private static ServerFixture scene;
    private static PaymentScenario scenario;

    @BeforeAll
    static void open() {
        scene = new ServerFixture(folder.resolve("data"), Map.of(Setting.QUERY_LADDER, "1s"));
        scenario = new PaymentScenario(scene.operator, scene.merchant(), scene.shop);
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @Test
    void whoPaysOnThePageHasPaidAndTheMerchantHearsIt() {
        JsonNode payment = scenario.placed("");
        assertThat(scenario.page(payment)).contains("CN¥12.30", "two teas");
        scenario.press(payment, "pay");
        JsonNode paid = scenario.awaitState(payment, "succeeded");
        assertThat(paid.get("channel_trade_no").asString()).isNotEmpty();
        JsonNode told = scenario.told(payment).getFirst();
        assertThat(told.toString())
                .isEqualTo("{\"payment_id\":" + payment.get("id") + ",\"out_trade_no\":" + payment.get("out_trade_no")
                        + ",\"state\":\"succeeded\",\"amount\":{\"value\":1230,\"currency\":\"CNY\"},\"channel\":\"simulator\""
                        + ",\"channel_trade_no\":" + paid.get("channel_trade_no") + ",\"paid_at\":"
                        + paid.get("paid_at") + "}");
        await().untilAsserted(
                        () -> assertThat(scenario.page(payment)).contains("The platform acknowledged the callback."));
    }

    @Test
    void channelsAreListedAndChecked() {
        assertThat(scene.operator.get("/v1/channels").expect(200).text())
                .contains("{\"name\":\"simulator\",\"type\":\"simulator\",");
        assertThat(scene.operator
                        .post("/v1/channels/simulator/check")
                        .expect(200)
                        .text())
                .isEqualTo("{\"ok\":true,\"problems\":[]}");
        scene.operator.post("/v1/channels/none/check").expect(404);
    }

    @Test
    void whatTheBankRefusesHasFailed() {
        JsonNode payment = scenario.placed("");
        scenario.press(payment, "fail");
        scenario.awaitState(payment, "failed");
        assertThat(scenario.told(payment).getFirst().get("state").asString()).isEqualTo("failed");
    }

    @ParameterizedTest
    @CsvSource({"lost", "forged"})
    void whatNoCallbackTellsTheQueryFindsOut(String callback) {
        double before = rescued();
        JsonNode payment =
                scenario.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"" + callback + "\"}");
        scenario.awaitState(payment, "succeeded");
        assertThat(scenario.told(payment)).hasSize(1);
        await().until(() -> rescued() > before);
    }

    private static double rescued() {
        return scene.anonymous
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("rung_payments_rescued_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void whoWalksAwayLeavesAnOrderThatIsClosedAtTheBankAndThenHere() {
        JsonNode payment = scenario.placed("8s", "");
        scenario.press(payment, "leave");
        scenario.awaitState(payment, "closed");
        assertThat(scenario.told(payment).getFirst().get("state").asString()).isEqualTo("closed");
        assertThat(scenario.page(payment)).contains("closed without payment");
        scenario.press(payment, "pay");
        assertThat(scenario.page(payment)).contains("closed without payment");
    }

    @Test
    void aForgedCallbackOfAnUnpaidOrderIsNotBelieved() {
        JsonNode payment = scenario.placed("{\"outcome\":\"never\",\"pay_after\":\"0s\",\"callback\":\"forged\"}");
        await().until(() -> callbacks("unverified") > 0);
        assertThat(scenario.now(payment).get("state").asString()).isEqualTo("paying");
        await().untilAsserted(() -> assertThat(verdicts(payment)).containsOnly(false));
        assertThat(verdicts(scenario.placed("{\"outcome\":\"never\",\"callback\":\"lost\"}")))
                .isEmpty();
        assertThat(scene.operator
                        .post("/v1/payments/" + payment.get("id").asString() + "/close")
                        .expect(200)
                        .at("/state"))
                .isEqualTo("closed");
    }

    /** For each callback in a payment's timeline, whether it was verified. */
    private static List<Boolean> verdicts(JsonNode payment) {
        JsonNode lines = scene.operator
                .get("/v1/payments/" + payment.get("id").asString() + "/timeline")
                .expect(200)
                .json()
                .get("data");
        return lines.valueStream()
                .filter(line -> line.get("kind").asString().equals("callback"))
                .map(line -> line.at("/callback/verified").asBoolean())
                .toList();
    }

    private static double callbacks(String verdict) {
        return scene.anonymous
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("rung_payment_callbacks_total") && line.contains("\"" + verdict + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void anotherAmountIsNoSuccessButADoubtUntilTheBankIsAsked() {
        JsonNode payment =
                scenario.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"wrong-amount\"}");
        await().until(() -> scenario.doubts(payment).contains("amount_mismatch"));
        scenario.awaitState(payment, "succeeded");
        assertThat(scenario.told(payment)).hasSize(1);
    }

    @Test
    void duplicatesAreAppliedOnce() {
        JsonNode payment = scenario.placed(
                "{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"duplicate\",\"callback_delay\":\"300ms\"}");
        scenario.awaitState(payment, "succeeded");
        await().until(() -> scenario.page(payment).contains("The platform acknowledged the callback."));
        assertThat(scenario.told(payment)).hasSize(1);
        assertThat(scenario.doubts(payment)).isEmpty();
    }

    @Test
    void aBankThatAnswersNoQueriesIsBelievedWhenItCloses() {
        JsonNode payment = scenario.placed(
                "{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"lost\",\"query\":\"unavailable\"}");
        await().until(() -> scenario.page(payment).contains("Paid:"));
        assertThat(scenario.now(payment).get("state").asString()).isEqualTo("paying");
        scene.operator
                .post("/v1/payments/" + payment.get("id").asString() + "/close")
                .expectProblem(409);
        assertThat(scenario.now(payment).get("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void optionsThatMeanNothingAreNamed() {
        scenario.ask("simulator", "15m", ",\"channel_options\":{\"callback\":\"sometimes\"}")
                .expectInvalid("channel_options.callback");
        scenario.ask("simulator", "15m", ",\"channel_options\":{\"colour\":\"blue\"}")
                .expectInvalid("channel_options.colour");
        scenario.ask("simulator", "15m", ",\"channel_options\":\"lost\"").expectInvalid("channel_options");
    }

    @Test
    void aChannelThatHangsKeepsNoCustomerWaiting() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var keys = generator.generateKeyPair();
        try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                ServerFixture other = new ServerFixture(
                        folder.resolve("other"),
                        Map.of(
                                ServerFixture.flag("alipay", "gateway"),
                                "http://127.0.0.1:" + silent.getLocalPort() + "/gateway.do",
                                ServerFixture.flag("alipay", "app_id"),
                                "2021000000000000",
                                ServerFixture.flag("alipay", "private_key"),
                                file("private", keys.getPrivate().getEncoded()),
                                ServerFixture.flag("alipay", "public_key"),
                                file("public", keys.getPublic().getEncoded())))) {
            PaymentScenario customers = new PaymentScenario(other.operator, other.merchant(), other.shop);
            customers.placed(""); // a server's first request is the slowest
            long begun = System.nanoTime();
            TestResponse answer = customers.ask("alipay", "15m", "").expect(201);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(answer.at("/state")).isEqualTo("created");
            assertThat(took).isBetween(Duration.ofMillis(800), GatewayClient.CALL.minusMillis(500));
        }
    }

    private static String file(String name, byte[] key) throws Exception {
        return Files.writeString(folder.resolve(name), Base64.getEncoder().encodeToString(key))
                .toString();
    }
}
