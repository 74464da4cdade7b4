package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.server.fixture.TestMerchant.Received;
import dev.rung.server.fixture.TestResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Endpoints: further receivers of a merchant, each with settings, health and pause of its own. */
class EndpointsTest {
    private static ServerFixture scene;
    private final List<TestMerchant> receivers = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @AfterEach
    void closeReceivers() {
        receivers.forEach(TestMerchant::close);
    }

    private TestMerchant receiver() {
        TestMerchant receiver = new TestMerchant();
        receivers.add(receiver);
        return receiver;
    }

    @Test
    void anEventGoesToTheMerchantAndToEachEndpointWhoseFilterMatches() {
        String merchant = scene.merchant();
        TestMerchant crm = receiver();
        TestMerchant refunds = receiver();
        String all = add(merchant, crm, "[\"payment.*\",\"other\"]").at("/id");
        add(merchant, refunds, "[\"refund.*\"]");

        TestResponse accepted =
                send(merchant, "\"event_type\":\"payment.succeeded\"").expect(202);
        String first = accepted.at("/id");
        assertThat(accepted.json().get("endpoint_id").isNull()).isTrue();
        JsonNode also = accepted.json().get("also");
        assertThat(also.size()).isEqualTo(1);
        assertThat(also.get(0).get("endpoint_id").asString()).isEqualTo(all);
        String second = also.get(0).get("id").asString();

        Received own = received(scene.shop, first);
        Received there = received(crm, second);
        assertThat(there.body()).isEqualTo(own.body()).isEqualTo("{\"a\": 1}");
        assertThat(there.header("rung-event-id"))
                .startsWith("evt_")
                .isEqualTo(own.header("rung-event-id"))
                .isEqualTo(accepted.at("/event_id"));
        assertThat(there.header("webhook-signature")).isNotEqualTo(own.header("webhook-signature"));
        assertThat(refunds.received()).isEmpty();

        TestResponse shown = scene.operator.get("/v1/notifications/" + second).expect(200);
        assertThat(shown.at("/endpoint_id")).isEqualTo(all);
        assertThat(shown.at("/event_id")).isEqualTo(accepted.at("/event_id"));
        assertThat(shown.at("/url")).isEqualTo(crm.url());
        await().untilAsserted(() -> assertThat(ids("?endpoint_id=" + all)).containsExactly(second));
        assertThat(ids("?merchant_id=" + merchant)).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void aMerchantWithoutUrlHasItsEndpointsOnly() {
        String merchant = scene.operator
                .post("/v1/merchants", "{\"name\":\"Tea House\"}")
                .expect(201)
                .at("/id");
        send(merchant, "\"event_type\":\"payment.closed\"").expectInvalid("url");
        TestMerchant crm = receiver();
        String endpoint = add(merchant, crm, "[\"payment.closed\"]").at("/id");
        send(merchant, "\"event_type\":\"payment.failed\"").expectInvalid("url");
        send(merchant, "\"ordered\":false").expectInvalid("url");

        TestResponse accepted =
                send(merchant, "\"event_type\":\"payment.closed\"").expect(202);
        assertThat(accepted.at("/endpoint_id")).isEqualTo(endpoint);
        assertThat(accepted.json().get("also").size()).isZero();
        received(crm, accepted.at("/id"));

        TestMerchant elsewhere = receiver();
        TestResponse both = send(merchant, "\"event_type\":\"payment.closed\",\"url\":\"" + elsewhere.url() + "\"")
                .expect(202);
        assertThat(both.json().get("endpoint_id").isNull()).isTrue();
        received(elsewhere, both.at("/id"));
        received(crm, both.at("/also/0/id"));
    }

    @Test
    void aRepeatedSubmissionListsTheSameNotifications() {
        String merchant = scene.merchant();
        add(merchant, receiver(), "[\"*\"]");
        String body = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        Map<String, String> key = Map.of("Idempotency-Key", "k-" + merchant);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        TestResponse first =
                scene.operator.send("POST", "/v1/notifications", bytes, key).expect(202);
        TestResponse again =
                scene.operator.send("POST", "/v1/notifications", bytes, key).expect(200);
        assertThat(again.at("/id")).isEqualTo(first.at("/id"));
        assertThat(again.json().get("also").toString())
                .isEqualTo(first.json().get("also").toString());
        assertThat(first.json().get("also").size()).isEqualTo(1);
    }

    @Test
    void eachEndpointHasItsKeyItsPauseAndItsHealth() {
        String merchant = scene.merchant();
        TestMerchant crm = receiver();
        TestResponse made = add(merchant, crm, "[\"*\"]");
        assertThat(made.at("/signing_secret")).startsWith("whsec_");
        String path = "/v1/merchants/" + merchant + "/endpoints/" + made.at("/id");
        assertThat(scene.operator.get(path).expect(200).json().has("signing_secret"))
                .isFalse();
        assertThat(scene.operator
                        .post(path + "/rotate-secret", "{\"overlap\":\"0s\"}")
                        .expect(200)
                        .at("/signing_secret"))
                .startsWith("whsec_")
                .isNotEqualTo(made.at("/signing_secret"));

        assertThat(scene.operator.post(path + "/pause", "").expect(200).at("/state"))
                .isEqualTo("paused");
        TestResponse accepted = send(merchant, "\"event_type\":\"a\"").expect(202);
        received(scene.shop, accepted.at("/id"));
        String waiting = accepted.at("/also/0/id");
        await().untilAsserted(() -> assertThat(
                        scene.operator.get("/v1/notifications/" + waiting).at("/held_by"))
                .isEqualTo("pause"));
        assertThat(scene.operator.get(path).json().at("/health/waiting").asInt())
                .isEqualTo(1);
        assertThat(scene.operator
                        .get("/v1/merchants/" + merchant)
                        .json()
                        .at("/health/waiting")
                        .asInt())
                .isZero();
        assertThat(crm.received()).isEmpty();

        TestMerchant moved = receiver();
        scene.operator
                .patch(path, "{\"url\":\"" + moved.url() + "\",\"name\":\"moved\"}")
                .expect(200);
        assertThat(scene.operator.post(path + "/resume", "").expect(200).at("/state"))
                .isEqualTo("active");
        received(moved, waiting);
        await().untilAsserted(() -> assertThat(
                        scene.operator.get(path).json().at("/health/standing").asString())
                .isEqualTo("good"));

        TestResponse test = scene.operator.post(path + "/test", "").expect(202);
        assertThat(received(moved, test.at("/id")).header("rung-event-type")).isEqualTo("rung.test");
        assertThat(scene.operator
                        .get("/v1/merchants/" + merchant + "/endpoints")
                        .expect(200)
                        .at("/data/0/name"))
                .isEqualTo("moved");
    }

    @Test
    void aHangingEndpointDisturbsNeitherTheMerchantNorTheOthers() {
        String merchant = scene.merchant();
        TestMerchant broken = receiver();
        broken.answer(500);
        TestMerchant good = receiver();
        String bad = add(merchant, broken, "[\"*\"]", ",\"ladder\":[\"1h\"]").at("/id");
        add(merchant, good, "[\"*\"]");
        for (int i = 0; i < 5; i++) {
            TestResponse accepted = send(merchant, "\"event_type\":\"a\"").expect(202);
            received(good, accepted.at("/also/1/id"));
        }
        await().untilAsserted(() ->
                assertThat(standing(merchant, "/endpoints/" + bad)).isEqualTo("failing"));
        assertThat(standing(merchant, "")).isEqualTo("good");
        assertThat(scene.operator
                        .get("/v1/notifications?limit=1&endpoint_id=" + bad)
                        .at("/data/0/ladder/0"))
                .isEqualTo("3600s");
    }

    @Test
    void whatWaitsForADeletedEndpointIsCancelled() {
        String merchant = scene.merchant();
        TestMerchant broken = receiver();
        broken.answer(500);
        String endpoint =
                add(merchant, broken, "[\"*\"]", ",\"ladder\":[\"1h\"]").at("/id");
        String path = "/v1/merchants/" + merchant + "/endpoints/" + endpoint;
        String failed = send(merchant, "\"event_type\":\"a\"").expect(202).at("/also/0/id");
        await().until(() -> !broken.received().isEmpty());
        scene.operator.post(path + "/pause", "").expect(200);
        String parked = send(merchant, "\"event_type\":\"a\"").expect(202).at("/also/0/id");

        scene.operator.delete(path).expect(204);

        for (String id : List.of(failed, parked)) {
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(scene.operator
                                    .get("/v1/notifications/" + id)
                                    .at("/state"))
                            .isEqualTo("cancelled"));
            scene.operator.post("/v1/notifications/" + id + "/resend", "").expect(409);
        }
        scene.operator.get(path).expect(404);
        scene.operator.delete(path).expect(404);
        assertThat(send(merchant, "\"event_type\":\"a\"")
                        .expect(202)
                        .json()
                        .get("also")
                        .size())
                .isZero();
        assertThat(scene.operator
                        .post(
                                "/v1/notifications/resend",
                                "{\"endpoint_id\":\"" + endpoint + "\",\"state\":\"cancelled\"}")
                        .expect(200)
                        .json()
                        .get("resent")
                        .asInt())
                .isZero();
    }

    @Test
    void aPayloadThatADialectCannotCarryIsRefusedAtTheEndpointOnly() {
        String merchant = scene.merchant();
        String endpoint = add(merchant, receiver(), "[\"*\"]", ",\"signing\":\"md5-form\"")
                .at("/id");
        TestResponse accepted = scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":[1]}")
                .expect(202);
        assertThat(accepted.at("/also/0/endpoint_id")).isEqualTo(endpoint);
        received(scene.shop, accepted.at("/id"));
        await().untilAsserted(() -> {
            TestResponse refused = scene.operator.get("/v1/notifications/" + accepted.at("/also/0/id"));
            assertThat(refused.at("/attempts/0/outcome")).isEqualTo("refused");
            assertThat(refused.at("/attempts/0/error")).contains("must be a JSON object");
        });
    }

    @Test
    void requestsAreChecked() {
        String merchant = scene.merchant();
        String path = "/v1/merchants/" + merchant + "/endpoints";
        scene.operator.post(path, "{\"name\":\"CRM\"}").expectInvalid("url");
        scene.operator
                .post(path, "{\"name\":\"CRM\",\"url\":\"" + scene.shop.url() + "\",\"notify_url\":\"x\"}")
                .expectInvalid("notify_url");
        for (String bad : List.of("[]", "[\"a*b\"]", "[\"\"]", "[1]", "[\"**\"]")) {
            scene.operator
                    .post(path, "{\"name\":\"CRM\",\"url\":\"" + scene.shop.url() + "\",\"events\":" + bad + "}")
                    .expectInvalid(bad.equals("[]") ? "events" : "events[0]");
        }
        scene.operator
                .post("/v1/merchants/mch_0000000000000/endpoints", "{\"name\":\"CRM\",\"url\":\"https://a.example/\"}")
                .expect(404);
        scene.viewer
                .post(path, "{\"name\":\"CRM\",\"url\":\"" + scene.shop.url() + "\"}")
                .expect(403);
        for (int i = 0; i < 50; i++) {
            add(merchant, scene.shop, "[\"never\"]");
        }
        scene.operator
                .post(path, "{\"name\":\"CRM\",\"url\":\"" + scene.shop.url() + "\"}")
                .expect(409);
        assertThat(scene.viewer.get(path).expect(200).json().get("data").size()).isEqualTo(50);
    }

    private static TestResponse add(String merchant, TestMerchant receiver, String events) {
        return add(merchant, receiver, events, "");
    }

    private static TestResponse add(String merchant, TestMerchant receiver, String events, String more) {
        return scene.operator
                .post(
                        "/v1/merchants/" + merchant + "/endpoints",
                        "{\"name\":\"CRM\",\"url\":\"" + receiver.url() + "\",\"events\":" + events + more + "}")
                .expect(201);
    }

    private static TestResponse send(String merchant, String more) {
        return scene.operator.post(
                "/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":{\"a\": 1}," + more + "}");
    }

    private static List<String> ids(String query) {
        List<String> ids = new ArrayList<>();
        scene.operator
                .get("/v1/notifications" + query)
                .expect(200)
                .json()
                .get("data")
                .forEach(each -> ids.add(each.get("id").asString()));
        return ids;
    }

    private static String standing(String merchant, String path) {
        return scene.operator
                .get("/v1/merchants/" + merchant + path)
                .json()
                .at("/health/standing")
                .asString();
    }

    private static Received received(TestMerchant receiver, String notification) {
        return await().until(
                        () -> receiver.received().stream()
                                .filter(r -> r.header("webhook-id").equals(notification))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }
}
