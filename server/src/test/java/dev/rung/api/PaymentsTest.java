package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant.Received;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Payments over the API, on the simulated bank. */
class PaymentsTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static ServerFixture scene;
    private static String merchant;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir, Map.of(Setting.QUERY_LADDER, "1s,2s"));
        merchant = scene.merchant();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static String number() {
        return "T" + NUMBERS.incrementAndGet();
    }

    private static String request(String number, String more) {
        return """
                {"merchant_id":"%s","out_trade_no":"%s","amount":{"value":1230,"currency":"CNY"},"subject":"two teas, 茶",
                 "channel":"simulator"%s}""".formatted(merchant, number, more);
    }

    /** Creates a payment with these options; returns its id. */
    private static String payment(String number, String options) {
        return placed(request(number, ",\"channel_options\":" + options));
    }

    /**
     * Creates a payment and waits until it is placed, which may take longer than the answer on a busy machine; returns
     * its id.
     */
    private static String placed(String request) {
        String id = scene.operator.post("/v1/payments", request).expect(201).at("/id");
        await().pollDelay(Duration.ZERO).until(() -> !shown(id).at("/state").equals("created"));
        return id;
    }

    private static TestResponse shown(String id) {
        return scene.operator.get("/v1/payments/" + id).expect(200);
    }

    private static JsonNode ended(String id, String state) {
        await().untilAsserted(() -> assertThat(shown(id).at("/state")).isEqualTo(state));
        return shown(id).json();
    }

    private static Received theOneAbout(String number) {
        await().until(() -> about(number).findAny().isPresent());
        assertThat(about(number)).hasSize(1);
        return about(number).findAny().orElseThrow();
    }

    private static Stream<Received> about(String number) {
        return scene.shop.received().stream().filter(r -> r.body().contains("\"" + number + "\""));
    }

    private static List<JsonNode> timeline(String id) {
        JsonNode data = scene.operator
                .get("/v1/payments/" + id + "/timeline")
                .expect(200)
                .json()
                .get("data");
        List<JsonNode> lines = new ArrayList<>();
        data.forEach(lines::add);
        return lines;
    }

    private static List<String> kinds(String id) {
        return timeline(id).stream().map(line -> line.get("kind").asString()).toList();
    }

    @Test
    void aPaymentIsAnsweredAtOnceWithWhereToPay() {
        // At least once, because the bank may be slower than the answer on a busy machine.
        TestResponse reply = await().pollDelay(Duration.ZERO)
                .until(
                        () -> scene.operator
                                .post("/v1/payments", request(number(), ""))
                                .expect(201),
                        r -> !r.at("/state").equals("created"));
        assertThat(reply.at("/id")).matches("pay_[0-9a-hjkmnp-tv-z]{13}");
        assertThat(reply.at("/state")).isEqualTo("paying");
        assertThat(reply.at("/pay_url")).startsWith("http://127.0.0.1:");
        assertThat(reply.at("/merchant_id")).isEqualTo(merchant);
        assertThat(reply.at("/out_trade_no")).isEqualTo("T" + NUMBERS.get());
        assertThat(reply.at("/subject")).isEqualTo("two teas, 茶");
        assertThat(reply.json().at("/amount/value").asInt()).isEqualTo(1230);
        assertThat(reply.at("/notify_url")).isEqualTo(scene.shop.url());
        assertThat(reply.at("/ladder_name")).isEqualTo("steps");
        assertThat(reply.json().get("channel_trade_no").isNull()).isTrue();
        assertThat(shown(reply.at("/id")).json()).isEqualTo(reply.json());
    }

    @Test
    void aPaidOneIsToldToTheMerchantAndItsTimelineTellsTheWholeStory() {
        String id = await().pollDelay(Duration.ZERO)
                .until(
                        () -> payment(number(), "{\"outcome\":\"succeeds\",\"pay_after\":\"100ms\"}"),
                        PaymentsTest::isEndedByItsCallback);
        JsonNode paid = shown(id).json();
        String number = paid.get("out_trade_no").asString();
        assertThat(paid.get("paid_at").isNull()).isFalse();
        Received told = theOneAbout(number);
        assertThat(told.header("rung-event-type")).isEqualTo("payment.succeeded");
        assertThat(told.body())
                .isEqualTo("{\"payment_id\":\"" + id + "\",\"out_trade_no\":\"" + number
                        + "\",\"state\":\"succeeded\",\"amount\":{\"value\":1230,\"currency\":\"CNY\"},\"channel\":\"simulator\""
                        + ",\"channel_trade_no\":\""
                        + paid.get("channel_trade_no").asString() + "\",\"paid_at\":\""
                        + paid.get("paid_at").asString() + "\"}");

        await().until(() -> kinds(id).contains("notification"));
        assertThat(kinds(id)).containsSubsequence("request", "placement", "callback", "state", "notification");
        assertThat(timeline(id))
                .isSortedAccordingTo(
                        (a, b) -> a.get("at").asString().compareTo(b.get("at").asString()));
        JsonNode callback = theLine(id, "callback").get("callback");
        assertThat(callback.get("verified").asBoolean()).isTrue();
        assertThat(callback.get("encoding").asString()).isEqualTo("text");
        assertThat(callback.get("body").asString()).contains(id);
        assertThat(callback.get("headers").asString()).isNotEmpty();
        JsonNode notification = theLine(id, "notification").get("notification");
        assertThat(notification.at("/attempt/outcome").asString()).isEqualTo("acknowledged");
        assertThat(theLine(id, "state").get("state").asString()).isEqualTo("succeeded");
        assertThat(theLine(id, "state").get("source").asString()).isEqualTo("callback");
    }

    /** On a busy machine a query may come first. */
    private static boolean isEndedByItsCallback(String id) {
        ended(id, "succeeded");
        return theLine(id, "state").get("source").asString().equals("callback");
    }

    private static JsonNode theLine(String id, String kind) {
        return timeline(id).stream()
                .filter(line -> line.get("kind").asString().equals(kind))
                .reduce((a, b) -> {
                    throw new AssertionError("two lines of the kind " + kind + ": " + a + ", " + b);
                })
                .orElseThrow();
    }

    @Test
    void oneWhoseCallbackIsLostIsFoundByAskingAndCounted() {
        String id = payment(number(), "{\"outcome\":\"succeeds\",\"pay_after\":\"100ms\",\"callback\":\"lost\"}");
        ended(id, "succeeded");
        assertThat(kinds(id)).contains("query").doesNotContain("callback");
        JsonNode query = timeline(id).stream()
                .filter(line -> line.get("kind").asString().equals("query"))
                .findFirst()
                .orElseThrow();
        assertThat(query.at("/query/answer").asString()).isNotEmpty();
        assertThat(query.at("/query/number").asInt()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(scene.operator.get("/metrics").text())
                .containsPattern("(?m)^rung_payments_rescued_total [1-9]")
                .containsPattern("(?m)^rung_payments\\{state=\"succeeded\"} [1-9]")
                .contains("rung_payment_placements_total{channel=\"simulator\",outcome=\"placed\"}")
                .contains("rung_payment_queries_total{channel=\"simulator\",outcome=\"paid\"}"));
    }

    @Test
    void syncAsksTheChannelNow() {
        String id = payment(
                number(),
                "{\"outcome\":\"succeeds\",\"pay_after\":\"10ms\",\"callback\":\"late\",\"callback_delay\":\"1h\"}");
        await().until(() -> scene.operator
                .post("/v1/payments/" + id + "/sync")
                .expect(200)
                .at("/state")
                .equals("succeeded"));
        assertThat(shown(id).at("/state")).isEqualTo("succeeded");
    }

    @Test
    void aFailedOneIsToldAsFailed() {
        String number = number();
        String id = payment(number, "{\"outcome\":\"fails\",\"pay_after\":\"10ms\"}");
        ended(id, "failed");
        assertThat(theOneAbout(number).header("rung-event-type")).isEqualTo("payment.failed");
        scene.operator.post("/v1/payments/" + id + "/close").expectProblem(409);
        assertThat(scene.operator
                        .get("/v1/audit?action=payment.close")
                        .expect(200)
                        .text())
                .doesNotContain(id);
    }

    @Test
    void oneThatIsNotPaidIsClosedAtItsExpiry() {
        String number = number();
        String id = placed(request(number, ",\"expires_in\":\"4s\""));
        ended(id, "closed");
        assertThat(theOneAbout(number).header("rung-event-type")).isEqualTo("payment.closed");
        assertThat(timeline(id).stream()
                        .filter(line -> line.path("state").asString("").equals("closed"))
                        .map(line -> line.get("source").asString()))
                .containsExactly("expiry");
    }

    @Test
    void aMerchantsWishClosesIt() {
        String id = payment(number(), "{\"outcome\":\"never\"}");
        assertThat(scene.operator
                        .post("/v1/payments/" + id + "/close")
                        .expect(200)
                        .at("/state"))
                .isEqualTo("closed");
        scene.operator.post("/v1/payments/" + id + "/close", "{}").expect(200);
        assertThat(shown(id).at("/state")).isEqualTo("closed");
    }

    @Test
    void theSameRequestHoweverItIsSpelledAnswersTheSamePayment() {
        String number = number();
        String first = payment(number, "{\"outcome\":\"never\",\"query\":\"honest\"}");
        TestResponse again = scene.operator
                .post("/v1/payments", """
                        {"channel_options":{"query":"honest", "outcome":"never"}, "expires_in":"900s", "channel":"simulator",
                         "subject":"two teas, \\u8336", "amount":{"currency":"CNY","value":1.230e3},
                         "out_trade_no":"%s", "merchant_id":"%s"}""".formatted(number, merchant))
                .expect(200);
        assertThat(again.json()).isEqualTo(shown(first).json());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1230 | 1231",
                "CNY | JPY",
                "two teas | three teas",
                "\"channel\" | \"expires_in\":\"10m\",\"channel\"",
                "\"channel\" | \"notify_url\":\"https://shop.example/n\",\"channel\"",
                "\"channel\" | \"ladder\":\"doubling\",\"channel\"",
                "\"channel\" | \"ladder\":[\"1s\"],\"channel\"",
                "\"channel\" | \"channel_options\":{\"outcome\":\"never\"},\"channel\""
            })
    void anotherRequestUnderTheSameNumberConflicts(String what, String otherwise) {
        String number = number();
        String id = scene.operator
                .post("/v1/payments", request(number, ""))
                .expect(201)
                .at("/id");
        TestResponse conflict = scene.operator
                .post("/v1/payments", request(number, "").replace(what, otherwise))
                .expectProblem(409);
        assertThat(conflict.at("/detail")).contains(id);
    }

    @Test
    void aNumberBelongsToItsMerchantAlone() {
        String number = number();
        String other = scene.merchant();
        String mine = scene.operator
                .post("/v1/payments", request(number, ""))
                .expect(201)
                .at("/id");
        String theirs = scene.operator
                .post("/v1/payments", request(number, "").replace(merchant, other))
                .expect(201)
                .at("/id");
        assertThat(theirs).isNotEqualTo(mine);
        assertThat(ids("/v1/payments?out_trade_no=" + number)).containsExactly(theirs, mine);
        assertThat(ids("/v1/payments?out_trade_no=" + number + "&merchant_id=" + other))
                .containsExactly(theirs);
    }

    private static List<String> ids(String path) {
        return ids(scene.operator, path);
    }

    private static List<String> ids(ApiTestClient caller, String path) {
        List<String> ids = new ArrayList<>();
        caller.get(path)
                .expect(200)
                .json()
                .get("data")
                .forEach(each -> ids.add(each.get("id").asString()));
        return ids;
    }

    @Test
    void paymentsAreListedNewestFirstPageByPage() {
        String other = scene.merchant();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            expected.addFirst(placed(request(number(), "").replace(merchant, other)));
        }
        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            TestResponse page = scene.operator
                    .get("/v1/payments?merchant_id=" + other + "&state=paying&channel=simulator&limit=2" + cursor)
                    .expect(200);
            page.json().get("data").forEach(each -> listed.add(each.get("id").asString()));
            JsonNode next = page.json().get("next_cursor");
            cursor = next.isNull() ? "" : "&cursor=" + next.asString();
        } while (!cursor.isEmpty());
        assertThat(listed).isEqualTo(expected);
        scene.operator
                .get("/v1/payments?cursor=x&state=paid&limit=0&paid_from=today&color=red")
                .expectInvalid("cursor")
                .expectInvalid("state")
                .expectInvalid("limit")
                .expectInvalid("paid_from")
                .expectInvalid("color");
    }

    @Test
    void byTimeOfPaymentTheyAreListedLatestPaidFirstAndACursorIsOfOneOrder() {
        String other = scene.merchant();
        List<String> latestFirst = new ArrayList<>();
        for (String payAfter : List.of("2s", "1ms", "700ms")) {
            latestFirst.add(placed(request(
                            number(),
                            ",\"channel_options\":{\"outcome\":\"succeeds\",\"pay_after\":\"" + payAfter + "\"}")
                    .replace(merchant, other)));
        }
        latestFirst.sort(Comparator.comparing(
                        (String id) -> ended(id, "succeeded").get("paid_at").asString())
                .reversed());
        String list = "/v1/payments?merchant_id=" + other + "&paid_from=2026-01-01T00:00:00Z&limit=2";
        await().untilAsserted(() -> assertThat(ids(scene.operator, list)).isEqualTo(latestFirst.subList(0, 2)));
        String cursor = scene.operator.get(list).expect(200).at("/next_cursor");
        assertThat(ids(scene.operator, list + "&cursor=" + cursor)).isEqualTo(latestFirst.subList(2, 3));
        scene.operator
                .get("/v1/payments?merchant_id=" + other + "&cursor=" + cursor)
                .expectInvalid("cursor");
    }

    @Test
    void whatIsWrongIsToldOfEachField() {
        scene.operator
                .post("/v1/payments", """
                        {"merchant_id":"mch_0000000000001","out_trade_no":"","amount":{"value":0.5,"currency":"XXX","more":1},
                         "subject":"\\u0007","channel":"cash","notify_url":"ftp://x","expires_in":"25h","ladder":"none","colour":1}""")
                .expectInvalid("merchant_id")
                .expectInvalid("out_trade_no")
                .expectInvalid("amount.value")
                .expectInvalid("amount.currency")
                .expectInvalid("amount.more")
                .expectInvalid("subject")
                .expectInvalid("channel")
                .expectInvalid("notify_url")
                .expectInvalid("expires_in")
                .expectInvalid("ladder")
                .expectInvalid("colour");
        TestResponse nothing = scene.operator.post("/v1/payments", "{}");
        for (String field : List.of("merchant_id", "out_trade_no", "amount", "subject", "channel")) {
            nothing.expectInvalid(field);
        }
        scene.operator.post("/v1/payments", "{\"amount\":12.30}").expectInvalid("amount");
        scene.operator.post("/v1/payments", "[]").expectInvalid("body");
        scene.operator.post("/v1/payments", "{").expectProblem(400);
        TestResponse unknown = scene.operator
                .post("/v1/payments", request(number(), "").replace("simulator", "cash"))
                .expectInvalid("channel");
        assertThat(unknown.at("/detail")).contains("simulator");
    }

    @Test
    void optionsOfAChannelAreCheckedByIt() {
        scene.operator
                .post("/v1/payments", request(number(), ",\"channel_options\":{\"outcome\":\"maybe\"}"))
                .expectInvalid("channel_options.outcome");
        scene.operator
                .post("/v1/payments", request(number(), ",\"channel_options\":\"succeeds\""))
                .expectInvalid("channel_options");
    }

    @Test
    void whereToNotifyIsTheMerchantsUnlessTheRequestSays() {
        String silent = scene.operator
                .post("/v1/merchants", "{\"name\":\"No address\"}")
                .expect(201)
                .at("/id");
        String untold = scene.operator
                .post(
                        "/v1/payments",
                        request(number(), ",\"channel_options\":{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"}")
                                .replace(merchant, silent))
                .expect(201)
                .at("/id");
        await().untilAsserted(() -> assertThat(scene.operator
                        .get("/v1/payments/" + untold + "/timeline")
                        .text())
                .contains("not notified: the merchant has no receiver"));
        TestResponse said = scene.operator
                .post(
                        "/v1/payments",
                        request(number(), ",\"notify_url\":\"https://shop.example/n\",\"ladder\":[\"1s\",\"2m\"]")
                                .replace(merchant, silent))
                .expect(201);
        assertThat(said.at("/notify_url")).isEqualTo("https://shop.example/n");
        assertThat(said.json().get("ladder").toString()).isEqualTo("[\"1s\",\"120s\"]");
        assertThat(said.json().get("ladder_name").isNull()).isTrue();
    }

    @Test
    void aMerchantsKeySeesNoBytesOfCallbacks() {
        ApiTestClient key = scene.caller(scene.operator
                .post("/v1/merchants/" + merchant + "/keys")
                .expect(201)
                .at("/key"));
        String id = payment(number(), "{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"}");
        await().untilAsserted(() ->
                assertThat(callback(scene.operator, id).has("body")).isTrue());

        assertThat(callback(key, id).get("verified").booleanValue()).isTrue();
        assertThat(callback(key, id).size()).isOne();
    }

    private static JsonNode callback(ApiTestClient caller, String id) {
        for (JsonNode line : caller.get("/v1/payments/" + id + "/timeline")
                .expect(200)
                .json()
                .get("data")) {
            if (line.get("kind").stringValue().equals("callback")) {
                return line.get("callback");
            }
        }
        return new ObjectMapper().createObjectNode();
    }

    @Test
    void aMerchantsKeySeesAndSyncsOnlyItsOwnAndTheViewersKeyOnlyReads() {
        String other = scene.merchant();
        ApiTestClient key = scene.caller(scene.operator
                .post("/v1/merchants/" + other + "/keys")
                .expect(201)
                .at("/key"));
        String mine = placed(request(number(), "").replace(merchant, other));
        String foreign = payment(number(), "{\"outcome\":\"never\"}");

        assertThat(ids(key, "/v1/payments")).containsExactly(mine);
        key.get("/v1/payments/" + mine).expect(200);
        key.get("/v1/payments/" + mine + "/timeline").expect(200);
        key.post("/v1/payments/" + mine + "/sync").expect(200);
        key.get("/v1/payments/" + foreign).expectProblem(404);
        key.get("/v1/payments/" + foreign + "/timeline").expectProblem(404);
        key.post("/v1/payments/" + foreign + "/sync").expectProblem(404);
        key.get("/v1/payments?merchant_id=" + merchant).expectProblem(404);
        key.post("/v1/payments/" + mine + "/close").expectProblem(403);
        key.post("/v1/payments", request(number(), "")).expectProblem(403);
        key.get("/v1/discrepancies").expectProblem(403);

        scene.viewer.get("/v1/payments/" + mine).expect(200);
        scene.viewer.get("/v1/payments/" + mine + "/timeline").expect(200);
        scene.viewer.get("/v1/discrepancies").expect(200);
        scene.viewer.post("/v1/payments", request(number(), "")).expectProblem(403);
        scene.viewer.post("/v1/payments/" + mine + "/sync").expectProblem(403);
        scene.viewer.post("/v1/payments/" + mine + "/close").expectProblem(403);
        scene.anonymous.get("/v1/payments").expectProblem(401);
        scene.anonymous.post("/v1/payments/" + mine + "/sync").expectProblem(401);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String id : List.of("pay_0000000000000", "7", "ntf_0000000000000")) {
            scene.operator.get("/v1/payments/" + id).expectProblem(404);
            scene.operator.get("/v1/payments/" + id + "/timeline").expectProblem(404);
            scene.operator.post("/v1/payments/" + id + "/sync").expectProblem(404);
            scene.operator.post("/v1/payments/" + id + "/close").expectProblem(404);
        }
    }
}
