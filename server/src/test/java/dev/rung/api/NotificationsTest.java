package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant.Received;
import dev.rung.server.fixture.TestResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class NotificationsTest {
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
    void aNotificationIsTakenInDeliveredAndShownWithItsAttempt() {
        String merchant = scene.merchant();
        TestResponse taken = scene.operator
                .post("/v1/notifications", """
                        {"merchant_id":"%s","order_no":"T1","event_type":"payment.succeeded",
                         "payload": {"amount" : 12.30, "q":"\\u00e9\\/" } }""".formatted(merchant))
                .expect(202);
        assertThat(taken.at("/state")).isEqualTo("waiting");
        assertThat(taken.at("/id")).matches("ntf_[0-9a-hjkmnp-tv-z]{13}");
        assertThat(taken.json().at("/attempts_max").asInt()).isEqualTo(7);

        Received received = theOneFor(taken.at("/id"));
        assertThat(received.body()).isEqualTo("{\"amount\" : 12.30, \"q\":\"\\u00e9\\/\" }");
        assertThat(received.header("rung-event-type")).isEqualTo("payment.succeeded");
        JsonNode shown = scene.settled(taken.at("/id"));
        assertThat(shown.get("state").asString()).isEqualTo("delivered");
        assertThat(shown.get("created_at")).isEqualTo(taken.json().get("created_at"));
        assertThat(shown.get("next_attempt_at").isNull()).isTrue();
        JsonNode attempt = shown.at("/attempts/0");
        assertThat(attempt.get("outcome").asString()).isEqualTo("acknowledged");
        assertThat(attempt.get("http_status").asInt()).isEqualTo(200);
        assertThat(attempt.get("response_body").asString()).isEqualTo("shop's answer");
        assertThat(attempt.get("due_at").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void thePayloadIsShownAsTextThatNoBrowserTakesForMore() {
        String id = scene.send(scene.merchant(), "[ 1.0 ,\"<script>\"]");
        TestResponse payload =
                scene.operator.get("/v1/notifications/" + id + "/payload").expect(200);
        assertThat(payload.text()).isEqualTo("[ 1.0 ,\"<script>\"]");
        assertThat(payload.header("content-type")).startsWith("text/plain");
        assertThat(payload.header("x-content-type-options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "0", "false", "\"text\"", "[]", "{}", "-1.50e3"})
    void anyJsonValueIsAPayload(String payload) {
        String id = scene.send(scene.merchant(), payload);
        assertThat(theOneFor(id).body()).isEqualTo(payload);
    }

    @Test
    void aRepetitionUnderTheSameKeyIsAnsweredWithTheFirst() {
        String body = "{\"merchant_id\":\"" + scene.merchant() + "\",\"payload\":1}";
        Map<String, String> key = Map.of("Idempotency-Key", "paid-T1");
        String first = post(body, key).expect(202).at("/id");
        assertThat(post(body, key).expect(200).at("/id")).isEqualTo(first);
        assertThat(post(body.replace(":1}", ":1 }"), key).expect(200).at("/id")).isEqualTo(first);
        assertThat(post(body.replace(":1}", ":2}"), key).expectProblem(409).at("/detail"))
                .contains(first);
    }

    @Test
    void aRepetitionIsAnsweredWithTheFirstThoughItsMerchantWouldNotBeSentItAnyMore() {
        String merchant = scene.merchant();
        String body = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        String item = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1,\"idempotency_key\":\"b1\"}";
        Map<String, String> key = Map.of("Idempotency-Key", "paid-T1");
        String first = post(body, key).expect(202).at("/id");
        String firstOfBatch = batch(item, 1).expect(200).at("/results/0/id");
        scene.operator
                .patch("/v1/merchants/" + merchant, "{\"notify_url\":null}")
                .expect(200);

        assertThat(post(body, key).expect(200).at("/id")).isEqualTo(first);
        TestResponse again = batch(item, 1).expect(200);
        assertThat(again.json().at("/results/0/status").asInt()).isEqualTo(200);
        assertThat(again.at("/results/0/id")).isEqualTo(firstOfBatch);
        post(body.replace(":1}", ":2}"), key).expectInvalid("url");
        post(body, Map.of("Idempotency-Key", "paid-T2")).expectInvalid("url");
        post(body, Map.of()).expectInvalid("url");
    }

    @Test
    void anIdempotencyKeyHasAtMost255Characters() {
        String body = "{\"merchant_id\":\"" + scene.merchant() + "\",\"payload\":1}";
        post(body, Map.of("Idempotency-Key", "k".repeat(255))).expect(202);
        post(body, Map.of("Idempotency-Key", "k".repeat(256))).expectInvalid("Idempotency-Key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "order_no      | \"\"",
                "order_no      | 5",
                "order_no      | \"tee-é\"",
                "order_no      | \"12345678901234567890123456789012345678901234567890123456789012345\"",
                "event_type    | \"a b\"",
                "url           | \"ftp://shop.example/\"",
                "url           | \"http://user:word@shop.example/\"",
                "url           | \"http://shop.example:22/\"",
                "url           | \"https://shop.example/a b\"",
                "ladder        | \"no-such\"",
                "ladder        | []",
                "ladder        | 5",
                "ladder[1]     | [\"1s\",\"25h\"]",
                "ladder[0]     | [\"999ms\"]",
                "ladder[0]     | [1]",
                "deliver_at    | \"tomorrow\"",
                "deliver_at    | \"2026-13-01T00:00:00Z\"",
                "deliver_at    | \"2026-11-23T10:00:00\"",
                "ordered       | \"yes\"",
                "ordred        | true",
                "idempotency_key | \"k\"",
            })
    void whatIsWrongIsNamed(String field, String value) {
        String name = field.replaceAll("\\[.*", "").strip();
        String body = "{\"merchant_id\":\"" + scene.merchant() + "\",\"payload\":1,\"" + name + "\":" + value + "}";
        scene.operator.post("/v1/notifications", body).expectInvalid(field.strip());
    }

    @Test
    void whatIsMissingIsNamedAllAtOnce() {
        TestResponse reply = scene.operator.post("/v1/notifications", "{\"extra\":1}");
        reply.expectInvalid("merchant_id").expectInvalid("payload").expectInvalid("extra");
        scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"mch_0000000000000\",\"payload\":1}")
                .expectInvalid("merchant_id");
        scene.operator.post("/v1/notifications", "[]").expectProblem(422);
    }

    @Test
    void orderedNeedsAnOrder() {
        String merchant = scene.merchant();
        scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1,\"ordered\":true}")
                .expectInvalid("order_no");
    }

    @Test
    void aPayloadHasAtMost256KiB() {
        String merchant = scene.merchant();
        String largest = "\"" + "x".repeat(256 * 1024 - 2) + "\"";
        scene.send(merchant, largest);
        scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":" + largest + "0}")
                .expectProblem(400);
        scene.operator
                .post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + merchant + "\",\"payload\":\"x" + largest.substring(1) + "}")
                .expectInvalid("payload");
    }

    @Test
    void aBodyHasAtMostWhatItsPathNeeds() {
        String batch = "/v1/notifications/batch";
        scene.operator
                .send("POST", batch, spaces(8 * 1024 * 1024 + 1), Map.of())
                .expectProblem(413);
        scene.operator.send("POST", batch, spaces(8 * 1024 * 1024), Map.of()).expectProblem(400);
        scene.operator
                .send("POST", "/v1/notifications", spaces(320 * 1024 + 1), Map.of())
                .expectProblem(413);
        scene.operator
                .send("POST", "/v1/notifications/resend", spaces(16 * 1024 + 1), Map.of())
                .expectProblem(413);
    }

    private static byte[] spaces(int length) {
        byte[] spaces = new byte[length];
        java.util.Arrays.fill(spaces, (byte) ' ');
        return spaces;
    }

    @Test
    void aCompressedNotificationIsAccepted() throws java.io.IOException {
        String merchant = scene.merchant();
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream out = new java.util.zip.GZIPOutputStream(bytes)) {
            out.write(("{\"merchant_id\":\"" + merchant + "\",\"payload\":{\"a\": 1.0}}")
                    .getBytes(StandardCharsets.UTF_8));
        }
        String id = scene.operator
                .send("POST", "/v1/notifications", bytes.toByteArray(), Map.of("Content-Encoding", "gzip"))
                .expect(202)
                .at("/id");
        assertThat(scene.operator.get("/v1/notifications/" + id + "/payload").text())
                .isEqualTo("{\"a\": 1.0}");
    }

    @Test
    void malformedBodiesAreTold() {
        for (String body : new String[] {"", "{", "{\"a\":1,\"a\":2}", "[".repeat(101) + "]".repeat(101), "nope"}) {
            scene.operator.post("/v1/notifications", body).expectProblem(400);
        }
        byte[] latin = "{\"payload\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        scene.operator.send("POST", "/v1/notifications", latin, Map.of()).expectProblem(400);
        byte[] xml = "<a/>".getBytes(StandardCharsets.UTF_8);
        scene.operator
                .send("POST", "/v1/notifications", xml, Map.of("Content-Type", "application/xml"))
                .expectProblem(415);
    }

    @Test
    void aBatchIsJudgedItemByItemInOrder() {
        String merchant = scene.merchant();
        String good = "{\"merchant_id\":\"" + merchant + "\",\"payload\":12.30}";
        String keyed = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1,\"idempotency_key\":\"b1\"}";
        String body = "{\"notifications\":[" + good + ",{\"merchant_id\":\"" + merchant + "\"},7," + keyed + "]}";
        JsonNode results = scene.operator
                .post("/v1/notifications/batch", body)
                .expect(200)
                .json()
                .get("results");
        assertThat(results.valueStream().map(r -> r.get("status").asInt())).containsExactly(202, 422, 422, 202);
        assertThat(results.at("/1/error/errors/0/field").asString()).isEqualTo("notifications[1].payload");
        assertThat(results.at("/2/error/errors/0/field").asString()).isEqualTo("notifications[2]");
        assertThat(theOneFor(results.at("/0/id").asString()).body()).isEqualTo("12.30");
        assertThat(results.at("/0/notification/id")).isEqualTo(results.at("/0/id"));

        JsonNode again = scene.operator
                .post("/v1/notifications/batch", "{\"notifications\":[" + keyed + "]}")
                .expect(200)
                .json();
        assertThat(again.at("/results/0/status").asInt()).isEqualTo(200);
        assertThat(again.at("/results/0/id")).isEqualTo(results.at("/3/id"));
    }

    @Test
    void aBatchHasAtMostAThousandItems() {
        String merchant = scene.merchant();
        String item = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        JsonNode results = batch(item, 1_000).expect(200).json().get("results");
        assertThat(results.valueStream().map(r -> r.get("status").asInt()))
                .hasSize(1_000)
                .containsOnly(202);
        batch(item, 1_001).expectInvalid("notifications");
        scene.operator
                .post("/v1/notifications/batch", "{\"items\":[]}")
                .expectInvalid("items")
                .expectInvalid("notifications");
    }

    private static TestResponse batch(String item, int count) {
        String items = IntStream.range(0, count).mapToObj(i -> item).collect(Collectors.joining(","));
        return scene.operator.post("/v1/notifications/batch", "{\"notifications\":[" + items + "]}");
    }

    @Test
    void listsAreNewestFirstAndTurnTheirPages() {
        String merchant = scene.merchant();
        String first = scene.send(merchant, "1");
        String second = scene.send(merchant, "2");
        String third = scene.send(merchant, "3");
        await().untilAsserted(() -> assertThat(ids(merchant, "&limit=1000")).containsExactly(third, second, first));

        JsonNode page = list(merchant, "&limit=2");
        assertThat(page.get("data").valueStream().map(n -> n.get("id").asString()))
                .containsExactly(third, second);
        JsonNode rest =
                list(merchant, "&limit=2&cursor=" + page.get("next_cursor").asString());
        assertThat(rest.get("data").valueStream().map(n -> n.get("id").asString()))
                .containsExactly(first);
        assertThat(rest.get("next_cursor").isNull()).isTrue();
    }

    @Test
    void listsAreFiltered() {
        String merchant = scene.merchant();
        TestResponse one = scene.operator
                .post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + merchant
                                + "\",\"payload\":1,\"order_no\":\"A 1\",\"event_type\":\"x\"}")
                .expect(202);
        String other = scene.send(merchant, "2");
        scene.settled(one.at("/id"));
        scene.settled(other);
        String created = one.at("/created_at");
        String later = Instant.parse(created).plusSeconds(60).toString();
        await().untilAsserted(() -> assertThat(ids(merchant, "&order_no=A%201")).containsExactly(one.at("/id")));
        assertThat(ids(merchant, "&event_type=x")).containsExactly(one.at("/id"));
        assertThat(ids(merchant, "&state=delivered")).containsExactly(other, one.at("/id"));
        assertThat(ids(merchant, "&state=exhausted")).isEmpty();
        assertThat(ids(merchant, "&created_from=" + created + "&created_to=" + later))
                .contains(one.at("/id"));
        assertThat(ids(merchant, "&created_from=" + later)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=x",
                "state=lost",
                "cursor=abc",
                "cursor=%20",
                "created_from=yesterday",
                "merchant_id=unknown",
                "order_no=%C3%A9",
                "foo=1"
            })
    void wrongParametersAreNamed(String query) {
        scene.operator.get("/v1/notifications?" + query).expectInvalid(query.replaceAll("=.*", ""));
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        String merchant = scene.merchant();
        scene.send(merchant, "1");
        String cursor = scene.operator
                .get("/v1/events?merchant_id=" + merchant)
                .expect(200)
                .at("/next_cursor");
        scene.operator.get("/v1/notifications?cursor=" + cursor).expectInvalid("cursor");
        scene.operator
                .get("/v1/events?merchant_id=" + merchant + "&after=" + cursor.substring(1))
                .expectInvalid("after");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String path : new String[] {
            "/v1/notifications/ntf_0000000000000",
            "/v1/notifications/7",
            "/v1/notifications/ntf_0000000000000/payload",
            "/v1/nothing",
            "/v1/notifications/",
            "/nothing"
        }) {
            scene.operator.get(path).expectProblem(404);
        }
        scene.operator.post("/v1/notifications/ntf_0000000000000/resend").expectProblem(404);
        scene.operator.post("/v1/notifications/ntf_0000000000000/cancel").expectProblem(404);
        TestResponse reply = scene.operator.delete("/v1/notifications").expectProblem(405);
        assertThat(reply.header("allow")).isEqualTo("GET, POST");
    }

    private static TestResponse post(String body, Map<String, String> headers) {
        return scene.operator.send("POST", "/v1/notifications", body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static JsonNode list(String merchant, String more) {
        return scene.operator
                .get("/v1/notifications?merchant_id=" + merchant + more)
                .expect(200)
                .json();
    }

    private static java.util.List<String> ids(String merchant, String more) {
        return list(merchant, more)
                .get("data")
                .valueStream()
                .map(n -> n.get("id").asString())
                .toList();
    }

    private static Received theOneFor(String id) {
        return await().until(
                        () -> scene.shop.received().stream()
                                .filter(r -> id.equals(r.header("webhook-id")))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }
}
