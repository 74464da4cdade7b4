package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Discrepancies, and callbacks that could not be verified. */
class DiscrepanciesTest {
    private static ServerFixture scene;
    private static String merchant;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir, Map.of(Setting.REFUND_LIMIT, "1000.00 CNY, 0.00 JPY"));
        merchant = scene.merchant();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    /** Creates a payment and waits until it is placed; returns its id. */
    private static String payment(String number, String options) {
        return payment(number, 1230, options);
    }

    private static String payment(String number, long amount, String options) {
        String id = scene.operator
                .post("/v1/payments", """
                        {"merchant_id":"%s","out_trade_no":"%s","amount":{"value":%d,"currency":"CNY"},"subject":"two teas",
                         "channel":"simulator","channel_options":%s}""".formatted(merchant, number, amount, options))
                .expect(201)
                .at("/id");
        await().pollDelay(Duration.ZERO)
                .until(() ->
                        !scene.operator.get("/v1/payments/" + id).at("/state").equals("created"));
        return id;
    }

    private static Stream<JsonNode> open(String payment) {
        return scene.operator
                .get("/v1/discrepancies")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .filter(d -> d.get("payment_id").asString("").equals(payment));
    }

    @Test
    void aWrongAmountIsNoSuccessAndIsEndedByAPersonWithANote() {
        String id = payment("T1", "{\"outcome\":\"succeeds\",\"pay_after\":\"10ms\",\"callback\":\"wrong-amount\"}");
        await().until(() -> open(id).findAny().isPresent());
        JsonNode found = open(id).findAny().orElseThrow();
        assertThat(found.get("kind").asString()).isEqualTo("amount_mismatch");
        assertThat(found.get("state").asString()).isEqualTo("open");
        String path = "/v1/discrepancies/" + found.get("id").asString();

        scene.viewer.post(path + "/resolve", "{\"note\":\"mine\"}").expectProblem(403);
        scene.operator.post(path + "/resolve", "{}").expectInvalid("note");
        scene.operator
                .post(path + "/resolve", "{\"note\":\" \",\"who\":\"me\"}")
                .expectInvalid("note")
                .expectInvalid("who");
        TestResponse resolved = scene.operator
                .post(path + "/resolve", "{\"note\":\"the bank corrected it, ticket 4711\"}")
                .expect(200);
        assertThat(resolved.at("/state")).isEqualTo("resolved");
        assertThat(resolved.at("/resolution/note")).isEqualTo("the bank corrected it, ticket 4711");
        assertThat(resolved.at("/resolution/by")).isEqualTo("operator");
        scene.operator.post(path + "/resolve", "{\"note\":\"again\"}").expectProblem(409);
        assertThat(open(id)).isEmpty();
        assertThat(scene.viewer.get(path).expect(200).json()).isEqualTo(resolved.json());
        assertThat(scene.viewer
                        .get("/v1/discrepancies?state=all")
                        .expect(200)
                        .json()
                        .get("data")
                        .valueStream()
                        .map(d -> d.get("id").asString()))
                .contains(found.get("id").asString());
    }

    private static String discrepancyOf(String payment) {
        await().until(() -> open(payment).findAny().isPresent());
        return "/v1/discrepancies/"
                + open(payment).findAny().orElseThrow().get("id").asString();
    }

    private static List<JsonNode> waiting() {
        return scene.viewer
                .get("/v1/approvals")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .toList();
    }

    private static ApiTestClient operatorNamed(String name) {
        return scene.caller(scene.operator
                .post("/v1/keys", "{\"name\":\"" + name + "\",\"role\":\"operator\"}")
                .expect(201)
                .at("/key"));
    }

    private static final String WRONG_AMOUNT =
            "{\"outcome\":\"succeeds\",\"pay_after\":\"10ms\",\"callback\":\"wrong-amount\"}";

    @Test
    void whatTheChannelProvesIsAcceptedAtOnceBelowTheLimit() {
        String id = payment("T10", WRONG_AMOUNT);
        String path = discrepancyOf(id);
        scene.operator
                .post(path + "/resolve", "{\"note\":\"x\",\"accept\":\"all\"}")
                .expectInvalid("accept");
        TestResponse resolved = scene.operator
                .post(path + "/resolve", "{\"note\":\"the bank is right\",\"accept\":\"channel\"}")
                .expect(200);
        assertThat(resolved.at("/state")).isEqualTo("resolved");
        assertThat(resolved.at("/resolution/accepted")).isEqualTo("channel");
        assertThat(scene.operator.get("/v1/payments/" + id).at("/state")).isEqualTo("succeeded");
        scene.operator
                .post(path + "/resolve", "{\"note\":\"x\",\"accept\":\"channel\"}")
                .expectProblem(409);
        scene.operator.post(path + "/approve").expectProblem(409);
    }

    @Test
    void aboveTheLimitAnotherPersonApproves() {
        String id = payment("T11", 200_000, WRONG_AMOUNT);
        String path = discrepancyOf(id);
        scene.operator.post(path + "/approve").expectProblem(409);
        TestResponse asked = scene.operator
                .post(path + "/resolve", "{\"note\":\"wrong goods\",\"accept\":\"refund\"}")
                .expect(200);
        assertThat(asked.at("/state")).isEqualTo("open");
        assertThat(asked.at("/approval/state")).isEqualTo("waiting");
        assertThat(asked.at("/approval/requested_by")).isEqualTo("operator");
        assertThat(waiting()).anySatisfy(w -> {
            assertThat(w.get("kind").asString()).isEqualTo("discrepancy");
            assertThat(w.get("requested_by").asString()).isEqualTo("operator");
            assertThat(w.get("discrepancy")).isEqualTo(asked.json());
            assertThat(w.get("refund").isNull()).isTrue();
        });
        scene.operator.post(path + "/approve").expectProblem(403);
        scene.viewer.post(path + "/approve").expectProblem(403);
        scene.operator
                .post(path + "/resolve", "{\"note\":\"x\",\"accept\":\"channel\"}")
                .expectProblem(409);
        ApiTestClient bob = operatorNamed("bob");
        assertThat(bob.post(path + "/reject").expect(200).at("/state")).isEqualTo("open");
        scene.operator
                .post(path + "/resolve", "{\"note\":\"wrong goods\",\"accept\":\"refund\"}")
                .expect(200);
        TestResponse approved = bob.post(path + "/approve").expect(200);
        assertThat(approved.at("/state")).isEqualTo("resolved");
        assertThat(approved.at("/resolution/by")).isEqualTo("operator, approved by bob");
        await().until(() -> scene.operator
                        .get("/v1/payments/" + id)
                        .json()
                        .at("/refunded/value")
                        .asLong()
                == 200_000);
        assertThat(scene.operator.get("/v1/payments/" + id + "/timeline").text())
                .contains("operator requested to refund the payer, 2000.00 CNY; another person must approve it")
                .contains("bob rejected to refund the payer")
                .contains("refund the payer, 2000.00 CNY: operator, approved by bob");
        assertThat(scene.operator.get("/v1/audit?actor=bob").text())
                .contains("discrepancy.reject", "discrepancy.approve");
    }

    @Test
    void ofAnApprovalAndARejectionAtTheSameTimeOneActs() {
        ApiTestClient bob = operatorNamed("bob at once");
        for (int i = 0; i < 4; i++) {
            String path = discrepancyOf(payment("R" + i, 200_000, WRONG_AMOUNT));
            scene.operator
                    .post(path + "/resolve", "{\"note\":\"wrong goods\",\"accept\":\"refund\"}")
                    .expect(200);
            CompletableFuture<Integer> approval = CompletableFuture.supplyAsync(
                    () -> bob.post(path + "/approve").status());
            int rejection = scene.operator.post(path + "/reject").status();
            assertThat(List.of(approval.join(), rejection)).containsExactlyInAnyOrder(200, 409);
            assertThat(scene.operator.get(path).at("/state")).isEqualTo(rejection == 200 ? "open" : "resolved");
        }
    }

    @Test
    void manyAreFilteredCountedAndResolvedWithOneNote() {
        String first = payment("T12", WRONG_AMOUNT);
        discrepancyOf(first);
        String filter = "\"payment_id\":\"" + first + "\"";
        assertThat(scene.viewer
                        .get("/v1/discrepancies?kind=unresolved&channel=simulator")
                        .expect(200)
                        .json()
                        .get("data"))
                .isEmpty();
        assertThat(scene.viewer
                        .get("/v1/discrepancies?kind=amount_mismatch&payment_id=" + first)
                        .expect(200)
                        .json()
                        .get("data"))
                .hasSize(1);
        assertThat(scene.operator
                        .post("/v1/discrepancies/resolve", "{" + filter + ",\"dry_run\":true}")
                        .expect(200)
                        .text())
                .isEqualTo("{\"matched\":1,\"resolved\":0,\"next_cursor\":null}");
        scene.operator.post("/v1/discrepancies/resolve", "{" + filter + "}").expectInvalid("note");
        assertThat(scene.operator
                        .post("/v1/discrepancies/resolve", "{" + filter + ",\"note\":\"all the same\"}")
                        .expect(200)
                        .text())
                .isEqualTo("{\"matched\":1,\"resolved\":1,\"next_cursor\":null}");
        assertThat(open(first)).isEmpty();
        scene.viewer.post("/v1/discrepancies/resolve", "{\"note\":\"mine\"}").expectProblem(403);
    }

    @Test
    void whatIsNotThereIsNotFoundAndWhatIsNoStateIsSaid() {
        scene.operator.get("/v1/discrepancies/dsc_0000000000000").expectProblem(404);
        scene.operator.post("/v1/discrepancies/7/resolve", "{\"note\":\"x\"}").expectProblem(404);
        scene.operator
                .get("/v1/discrepancies?state=shut&cursor=1")
                .expectInvalid("state")
                .expectInvalid("cursor");
    }

    @Test
    void aForgedCallbackIsNotBelieved() {
        String id = payment("T2", "{\"outcome\":\"never\",\"callback\":\"forged\",\"pay_after\":\"10ms\"}");
        await().untilAsserted(() -> assertThat(scene.operator.get("/metrics").text())
                .contains("rung_payment_callbacks_total{channel=\"simulator\",verdict=\"unverified\"}"));
        assertThat(scene.operator.get("/v1/payments/" + id).at("/state")).isEqualTo("paying");
    }

    @Test
    void whatWasNotBelievedIsListedNewestFirstWithItsBytesOnDemand() {
        // The bank sends its forged callbacks repeatedly, perhaps at this moment.
        await().untilAsserted(DiscrepanciesTest::twoStraysAreListedNewestFirst);
        String list = "/v1/callbacks?channel=simulator&verdict=unverified&limit=1";
        assertThat(scene.operator.get("/v1/callbacks?channel=cash").expect(200).text())
                .isEqualTo("{\"data\":[],\"next_cursor\":null}");
        scene.operator
                .get("/v1/callbacks?verdict=applied&include=all&limit=101&cursor=x&color=red")
                .expectInvalid("channel")
                .expectInvalid("verdict")
                .expectInvalid("include")
                .expectInvalid("limit")
                .expectInvalid("cursor")
                .expectInvalid("color");
        ApiTestClient merchants = scene.caller(scene.operator
                .post("/v1/merchants/" + merchant + "/keys")
                .expect(201)
                .at("/key"));
        merchants.get(list).expectProblem(403);
        scene.anonymous.get(list).expectProblem(401);
    }

    private static void twoStraysAreListedNewestFirst() {
        byte[] binary = {(byte) 0xff, 0, 1};
        scene.anonymous.post("/callbacks/simulator", "{\"first\":1}");
        scene.anonymous.send("POST", "/callbacks/simulator", binary, Map.of("simulator-nonce", "n", "X-Other", "x"));
        String list = "/v1/callbacks?channel=simulator&verdict=unverified&limit=1";

        TestResponse page = scene.viewer.get(list + "&include=body").expect(200);
        JsonNode last = page.json().at("/data/0");
        assertThat(last.get("id").asString()).startsWith("cbk_");
        assertThat(last.get("detail").asString()).isEqualTo("the signature is missing");
        assertThat(last.get("headers").asString()).isEqualTo("simulator-nonce: n");
        assertThat(last.get("encoding").asString()).isEqualTo("base64");
        assertThat(last.get("body").asString()).isEqualTo("/wAB");
        String next = "&cursor=" + page.at("/next_cursor");
        JsonNode first =
                scene.operator.get(list + "&include=body" + next).expect(200).json();
        assertThat(first.at("/data/0/encoding").asString()).isEqualTo("text");
        assertThat(first.at("/data/0/body").asString()).isEqualTo("{\"first\":1}");
        JsonNode brief = scene.operator.get(list).expect(200).json().at("/data/0");
        assertThat(brief.get("body_bytes").asInt()).isEqualTo(3);
        assertThat(brief.has("body")).isFalse();
    }

    @Test
    void whatAnybodySendsIsRefusedInTheChannelsOwnWordsAndBounded() {
        TestResponse refused = scene.anonymous.post("/callbacks/simulator", "{\"out_trade_no\":\"T1\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("content-type")).startsWith("application/json");
        scene.anonymous
                .send("POST", "/callbacks/simulator", new byte[64 * 1024 + 1], Map.of("Content-Type", "text/plain"))
                .expectProblem(413);
        assertThat(scene.anonymous
                        .send("POST", "/callbacks/simulator", new byte[64 * 1024], Map.of("Content-Type", "text/plain"))
                        .status())
                .isEqualTo(400);
        for (String channel : List.of("cash", "Simulator")) {
            scene.anonymous.post("/callbacks/" + channel, "{}").expectProblem(404);
        }
        scene.anonymous.get("/callbacks/simulator").expectProblem(405);
        assertThat(scene.anonymous.post("/callbacks/simulator/", "{}").status()).isEqualTo(400);
        scene.anonymous.post("/callbacks/simulator//", "{}").expectProblem(404);
    }
}
