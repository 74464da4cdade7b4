package dev.rung.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Refunds through the whole server and the simulated bank. */
class SimulatorRefundsTest {
    @TempDir
    private static Path folder;

    private static ServerFixture scene;
    private static PaymentScenario scenario;

    @BeforeAll
    static void open() {
        scene = new ServerFixture(
                folder.resolve("data"), Map.of(Setting.QUERY_LADDER, "1s", Setting.REFUND_LIMIT, "1000.00 CNY"));
        scenario = new PaymentScenario(scene.operator, scene.merchant(), scene.shop);
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    private static JsonNode paid(String options) {
        String more = options.isEmpty() ? "" : "," + options;
        JsonNode payment = scenario.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"" + more + "}");
        return scenario.awaitState(payment, "succeeded");
    }

    private static String id(JsonNode resource) {
        return resource.get("id").asString();
    }

    private static TestResponse request(JsonNode payment, String number, long amount) {
        return scene.operator.post(
                "/v1/payments/" + id(payment) + "/refunds",
                "{\"out_refund_no\":\"" + number + "\",\"amount\":{\"value\":" + amount
                        + ",\"currency\":\"CNY\"},\"reason\":\"one tea was cold\"}");
    }

    /** A number of its own: numbers are unique per merchant. */
    private static String number(JsonNode payment, String suffix) {
        return payment.get("out_trade_no").asString() + "-" + suffix;
    }

    private static JsonNode now(JsonNode refund) {
        return scene.operator.get("/v1/refunds/" + id(refund)).expect(200).json();
    }

    private static JsonNode awaitState(JsonNode refund, String state) {
        await().until(() -> now(refund).get("state").asString().equals(state));
        return now(refund);
    }

    private static List<JsonNode> told(JsonNode refund) {
        await().until(() -> !heard(refund).isEmpty());
        return heard(refund);
    }

    private static List<JsonNode> heard(JsonNode refund) {
        return scenario.told(scenario.now(payment(refund))).stream()
                .filter(body -> body.path("refund_id").equals(refund.get("id")))
                .toList();
    }

    private static JsonNode payment(JsonNode refund) {
        return scene.operator
                .get("/v1/payments/" + refund.get("payment_id").asString())
                .expect(200)
                .json();
    }

    @Test
    void aPartialRefundIsPaidOutToldAndCounted() {
        JsonNode payment = paid("\"refund_after\":\"100ms\"");
        assertThat(payment.get("refunded").toString()).isEqualTo("{\"value\":0,\"currency\":\"CNY\"}");
        JsonNode refund =
                request(payment, number(payment, "R1"), 500).expect(201).json();
        assertThat(id(refund)).startsWith("rfd_");
        assertThat(refund.get("payment_id")).isEqualTo(payment.get("id"));
        JsonNode done = awaitState(refund, "succeeded");
        assertThat(told(refund))
                .singleElement()
                .satisfies(body -> assertThat(body.toString())
                        .isEqualTo("{\"refund_id\":" + refund.get("id") + ",\"out_refund_no\":"
                                + refund.get("out_refund_no") + ",\"payment_id\":" + payment.get("id")
                                + ",\"out_trade_no\":" + payment.get("out_trade_no")
                                + ",\"state\":\"succeeded\",\"amount\":{\"value\":500,\"currency\":\"CNY\"}"
                                + ",\"reason\":\"one tea was cold\",\"channel\":\"simulator\",\"channel_refund_no\":"
                                + done.get("channel_refund_no") + ",\"refunded_at\":" + done.get("refunded_at")
                                + "}"));
        assertThat(scenario.now(payment).at("/refunded/value").asLong()).isEqualTo(500);
        assertThat(scene.operator
                        .get("/v1/payments/" + id(payment) + "/timeline")
                        .expect(200)
                        .json()
                        .get("data")
                        .valueStream()
                        .filter(line -> line.get("kind").asString().equals("refund"))
                        .map(line -> line.get("refund_id")))
                .isNotEmpty()
                .containsOnly(refund.get("id"));
    }

    @Test
    void aboveTheLimitTheBankIsAskedOnceAnotherPersonApproves() {
        String payment = scene.operator
                .post("/v1/payments", """
                        {"merchant_id":"%s","out_trade_no":"BIG","amount":{"value":300000,"currency":"CNY"},"subject":"tea",
                         "channel":"simulator","channel_options":{"outcome":"succeeds","pay_after":"0s"}}""".formatted(scene.merchant()))
                .expect(201)
                .at("/id");
        await().until(() ->
                scene.operator.get("/v1/payments/" + payment).at("/state").equals("succeeded"));
        String body = "{\"out_refund_no\":\"BIG-%s\",\"amount\":{\"value\":%d,\"currency\":\"CNY\"}}";
        String refunds = "/v1/payments/" + payment + "/refunds";
        TestResponse small =
                scene.operator.post(refunds, body.formatted("R0", 100_000)).expect(201);
        assertThat(small.json().get("approval").isNull()).isTrue();
        TestResponse asked =
                scene.operator.post(refunds, body.formatted("R1", 100_001)).expect(201);
        assertThat(asked.at("/state")).isEqualTo("processing");
        assertThat(asked.at("/approval/state")).isEqualTo("waiting");
        assertThat(scene.operator
                        .post(refunds, body.formatted("R1", 100_001))
                        .expect(200)
                        .at("/id"))
                .isEqualTo(asked.at("/id"));
        String refund = "/v1/refunds/" + asked.at("/id");
        TestResponse waiting = scene.viewer.get("/v1/approvals?limit=1").expect(200);
        assertThat(waiting.at("/data/0/kind")).isEqualTo("refund");
        assertThat(waiting.json().at("/data/0/refund")).isEqualTo(asked.json());
        scene.operator.get("/v1/approvals?cursor=x").expectInvalid("cursor");
        scene.operator.post(refund + "/approve").expectProblem(403);
        scene.viewer.post(refund + "/approve").expectProblem(403);
        ApiTestClient bob = scene.caller(scene.operator
                .post("/v1/keys", "{\"name\":\"bob\",\"role\":\"operator\"}")
                .expect(201)
                .at("/key"));
        assertThat(bob.post(refund + "/approve").expect(200).at("/approval/approved_by"))
                .isEqualTo("bob");
        await().until(() -> scene.operator.get(refund).at("/state").equals("succeeded"));
        bob.post(refund + "/approve").expectProblem(409);
        assertThat(scene.operator.get("/v1/approvals").expect(200).json().get("data"))
                .isEmpty();
        assertThat(scene.operator.get("/v1/audit?action=refund.approve").text()).contains(asked.at("/id"));
    }

    @Test
    void theSameNumberAgainAnswersTheSameRefundAndAnotherContentConflicts() {
        JsonNode payment = paid("");
        JsonNode refund =
                request(payment, number(payment, "R1"), 500).expect(201).json();
        assertThat(request(payment, number(payment, "R1"), 500)
                        .expect(200)
                        .json()
                        .get("id"))
                .isEqualTo(refund.get("id"));
        request(payment, number(payment, "R1"), 501).expect(409);
        JsonNode another = paid("");
        request(another, number(payment, "R1"), 500).expect(409);
        scene.operator
                .post(
                        "/v1/payments/" + id(payment) + "/refunds",
                        "{\"out_refund_no\":\"" + number(payment, "R1")
                                + "\",\"amount\":{\"value\":500,\"currency\":\"USD\"},\"reason\":\"one tea was cold\"}")
                .expect(409);
    }

    @Test
    void noMoreThanWasPaidIsRefunded() {
        JsonNode payment = paid("");
        request(payment, number(payment, "R1"), 1231).expect(422);
        request(payment, number(payment, "R2"), 1000).expect(201);
        TestResponse refused = request(payment, number(payment, "R3"), 231).expect(422);
        assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("amount");
        request(payment, number(payment, "R4"), 230).expect(201);
        await().until(() -> scenario.now(payment).at("/refunded/value").asLong(), refunded -> refunded == 1230);
        request(payment, number(payment, "R5"), 1).expect(422);
        assertThat(scene.operator
                        .get("/v1/payments/" + id(payment) + "/refunds")
                        .expect(200)
                        .json()
                        .get("data"))
                .hasSize(2);
    }

    @Test
    void whatIsNotPaidIsNotRefunded() {
        JsonNode payment = scenario.placed("");
        request(payment, number(payment, "R1"), 1).expect(422);
    }

    @ParameterizedTest
    @CsvSource({"lost", "duplicate", "forged", "prompt"})
    void howeverTheBankCallsBackTheRefundEndsOnce(String callback) {
        JsonNode payment = paid("\"refund_after\":\"100ms\",\"callback\":\"" + callback + "\"");
        JsonNode refund =
                request(payment, number(payment, "R1"), 700).expect(201).json();
        awaitState(refund, "succeeded");
        assertThat(told(refund)).hasSize(1);
    }

    @Test
    void aRefundThatFailsLateCanBeRequestedAgainUnderAnotherNumber() {
        JsonNode payment = paid("\"refund\":\"fails\",\"refund_after\":\"100ms\"");
        JsonNode refund =
                request(payment, number(payment, "R1"), 1230).expect(201).json();
        assertThat(awaitState(refund, "failed").get("failure").asString()).isNotEmpty();
        assertThat(told(refund).getFirst().get("state").asString()).isEqualTo("failed");
        assertThat(scenario.now(payment).at("/refunded/value").asLong()).isZero();
        request(payment, number(payment, "R2"), 1230).expect(201);
    }

    @Test
    void whatTheBankRefusesHasFailedAtOnce() {
        JsonNode payment = paid("\"refund\":\"refused\"");
        JsonNode refund =
                request(payment, number(payment, "R1"), 1230).expect(201).json();
        awaitState(refund, "failed");
    }

    @Test
    void onlyOperatorsRefundAndMerchantsReadTheirOwn() {
        JsonNode payment = paid("");
        String refund =
                id(request(payment, number(payment, "R1"), 100).expect(201).json());
        String path = "/v1/payments/" + id(payment) + "/refunds";
        ApiTestClient owner = keyOf(scenario.merchant());
        ApiTestClient stranger = keyOf(scene.merchant());
        for (ApiTestClient caller : List.of(scene.viewer, owner, stranger)) {
            caller.post(path, "{\"out_refund_no\":\"R\",\"amount\":{\"value\":1,\"currency\":\"CNY\"}}")
                    .expectProblem(403);
        }
        scene.viewer.post("/v1/refunds/" + refund + "/sync").expectProblem(403);
        owner.post("/v1/refunds/" + refund + "/sync").expect(200);
        stranger.post("/v1/refunds/" + refund + "/sync").expectProblem(404);
        for (ApiTestClient caller : List.of(scene.viewer, owner)) {
            caller.get("/v1/refunds/" + refund).expect(200);
            caller.get(path).expect(200);
        }
        stranger.get("/v1/refunds/" + refund).expectProblem(404);
        stranger.get(path).expectProblem(404);
    }

    private static ApiTestClient keyOf(String merchant) {
        return scene.caller(scene.operator
                .post("/v1/merchants/" + merchant + "/keys")
                .expect(201)
                .at("/key"));
    }

    @Test
    void aSyncAsksTheBank() {
        JsonNode payment = paid("\"callback\":\"lost\",\"refund\":\"never\"");
        JsonNode refund =
                request(payment, number(payment, "R1"), 400).expect(201).json();
        assertThat(scene.operator
                        .post("/v1/refunds/" + id(refund) + "/sync")
                        .expect(200)
                        .at("/state"))
                .isEqualTo("processing");
        scene.operator.post("/v1/refunds/rfd_0000000000000/sync").expect(404);
    }

    @Test
    void invalidRequestsAreRefusedByField() {
        JsonNode payment = paid("");
        String path = "/v1/payments/" + id(payment) + "/refunds";
        scene.operator.post(path, "{}").expect(422);
        scene.operator
                .post(path, "{\"out_refund_no\":\"R\",\"amount\":{\"value\":1,\"currency\":\"USD\"}}")
                .expect(422);
        scene.operator
                .post(path, "{\"out_refund_no\":\"R\",\"amount\":{\"value\":0,\"currency\":\"CNY\"}}")
                .expect(422);
        scene.operator
                .post(path, "{\"out_refund_no\":\"R\",\"amount\":{\"value\":1,\"currency\":\"CNY\"},\"colour\":1}")
                .expect(422);
        scene.operator
                .post(
                        "/v1/payments/pay_0000000000000/refunds",
                        "{\"out_refund_no\":\"R\",\"amount\":{\"value\":1,\"currency\":\"CNY\"}}")
                .expect(404);
    }
}
