package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Named keys of the server, and roles of merchants' keys. */
class KeysTest {
    private static ServerFixture scene;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static TestResponse create(String name, String role) {
        return scene.operator
                .post("/v1/keys", "{\"name\":\"" + name + "\",\"role\":\"" + role + "\"}")
                .expect(201);
    }

    private static ApiTestClient keyOf(String merchant, String role) {
        return scene.caller(scene.operator
                .post("/v1/merchants/" + merchant + "/keys", "{\"role\":\"" + role + "\"}")
                .expect(201)
                .at("/key"));
    }

    private static JsonNode listed(ServerFixture server, String name) {
        return server.operator
                .get("/v1/keys")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .filter(key -> key.get("name").asString().equals(name))
                .findFirst()
                .orElse(null);
    }

    @Test
    void aNamedKeyIsShownOnceAndListedWithItsLastUse() {
        TestResponse created = create("alice", "operator");
        assertThat(created.at("/name")).isEqualTo("alice");
        assertThat(created.at("/role")).isEqualTo("operator");
        assertThat(created.json().get("expires_at").isNull()).isTrue();
        assertThat(created.json().get("last_used_at").isNull()).isTrue();
        assertThat(scene.operator.get("/v1/keys").text()).doesNotContain(created.at("/key"));

        scene.caller(created.at("/key"))
                .post("/v1/merchants", "{\"name\":\"x\"}")
                .expect(201);
        await().untilAsserted(() -> assertThat(
                        listed(scene, "alice").get("last_used_at").isString())
                .isTrue());
    }

    @Test
    void theKeysOfTheSettingsAreTheFirstOfTheList() {
        JsonNode keys = scene.viewer.get("/v1/keys").expect(200).json().get("data");
        assertThat(keys.get(0).get("name").asString()).isEqualTo("operator");
        assertThat(keys.get(1).get("role").asString()).isEqualTo("viewer");
        assertThat(ServerFixture.OPERATOR_KEY).endsWith(keys.get(0).get("hint").asString());
    }

    @Test
    void aRevokedKeyIsRefusedAtOnce() {
        TestResponse created = create("bob", "viewer");
        ApiTestClient bob = scene.caller(created.at("/key"));
        bob.get("/v1/merchants").expect(200);
        bob.post("/v1/merchants", "{\"name\":\"x\"}").expectProblem(403);
        bob.post("/v1/keys", "{\"name\":\"x\",\"role\":\"operator\"}").expectProblem(403);
        scene.operator.delete("/v1/keys/" + created.at("/id")).expect(204);
        bob.get("/v1/merchants").expectProblem(401);
        scene.operator.delete("/v1/keys/" + created.at("/id")).expectProblem(404);
        scene.operator.delete("/v1/keys/bob").expectProblem(404);
        assertThat(listed(scene, "bob")).isNull();
    }

    @Test
    void aKeyEndsWhenItExpires() {
        Instant expiry = Instant.now().plusMillis(1_500);
        TestResponse created = scene.operator
                .post("/v1/keys", "{\"name\":\"carol\",\"role\":\"viewer\",\"expires_at\":\"" + expiry + "\"}")
                .expect(201);
        ApiTestClient carol = scene.caller(created.at("/key"));
        assertThat(carol.get("/v1/merchants").status()).isEqualTo(200);
        await().until(() -> carol.get("/v1/merchants").status() == 401);
        assertThat(Instant.now()).isAfterOrEqualTo(expiry.minusMillis(100));
        assertThat(listed(scene, "carol")).isNotNull();
    }

    @Test
    void intakeCreatesAndReadsAndNothingElse() {
        ApiTestClient intake = scene.caller(create("shop", "intake").at("/key"));
        String merchant = scene.merchant();
        String notification = intake.post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                .expect(202)
                .at("/id");
        String batch = "{\"notifications\":[{\"merchant_id\":\"" + merchant + "\",\"payload\":1}]}";
        intake.post("/v1/notifications/batch", batch).expect(200);
        intake.get("/v1/notifications/" + notification).expect(200);
        intake.get("/v1/notifications/" + notification + "/payload").expect(200);
        intake.get("/v1/notifications").expect(200);
        String payment = intake.post(
                        "/v1/payments",
                        "{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"T1\",\"amount\":{\"value\":1,"
                                + "\"currency\":\"CNY\"},\"subject\":\"tea\",\"channel\":\"simulator\"}")
                .expect(201)
                .at("/id");
        intake.get("/v1/payments/" + payment).expect(200);
        intake.post(
                        "/v1/payments/" + payment + "/refunds",
                        "{\"out_refund_no\":\"R1\",\"amount\":{\"value\":1,\"currency\":\"CNY\"}}")
                .expectProblem(422);
        intake.get("/v1/payments/" + payment + "/refunds").expect(200);
        intake.get("/v1/refunds/rfd_0000000000000").expectProblem(404);

        for (String path : List.of(
                "/v1/merchants",
                "/v1/merchants/" + merchant,
                "/v1/merchants/" + merchant + "/keys",
                "/v1/keys",
                "/v1/ladders",
                "/v1/events?merchant_id=" + merchant,
                "/v1/stream",
                "/v1/discrepancies",
                "/v1/callbacks")) {
            intake.get(path).expectProblem(403);
        }
        intake.post("/v1/notifications/" + notification + "/resend").expectProblem(403);
        intake.post("/v1/notifications/" + notification + "/cancel").expectProblem(403);
        intake.post("/v1/notifications/resend", "{\"state\":\"exhausted\"}").expectProblem(403);
        intake.post("/v1/payments/" + payment + "/sync").expectProblem(403);
        intake.post("/v1/payments/" + payment + "/close").expectProblem(403);
        intake.post("/v1/merchants", "{\"name\":\"x\"}").expectProblem(403);
        intake.post("/v1/keys", "{\"name\":\"x\",\"role\":\"operator\"}").expectProblem(403);
    }

    @Test
    void whatIsWrongWithANewKeyIsNamed() {
        TestResponse refused = scene.operator
                .post("/v1/keys", "{\"role\":\"view\",\"merchant_id\":\"x\"}")
                .expectProblem(422);
        assertThat(refused.text()).contains("\"name\"", "operator, viewer, intake", "merchant_id");
        scene.operator
                .post("/v1/keys", "{\"name\":\"x\",\"role\":\"viewer\",\"expires_at\":\"2020-01-01T00:00:00Z\"}")
                .expectProblem(422);
        String keys = "/v1/merchants/" + scene.merchant() + "/keys";
        scene.operator.post(keys, "{\"role\":\"operator\"}").expectProblem(422);
        assertThat(scene.operator.post(keys).expect(201).at("/role")).isEqualTo("view");
    }

    @Test
    void manageChangesWhatTheMerchantItselfMayChange() {
        String mine = scene.merchant();
        String other = scene.merchant();
        ApiTestClient view = keyOf(mine, "view");
        ApiTestClient manage = keyOf(mine, "manage");
        for (ApiTestClient me : List.of(view, manage)) {
            me.get("/v1/merchants/" + mine).expect(200);
            me.get("/v1/merchants/" + other).expectProblem(404);
            me.get("/v1/notifications").expect(200);
            me.get("/v1/events").expect(200);
            me.get("/v1/merchants").expectProblem(403);
            me.get("/v1/keys").expectProblem(403);
            me.patch("/v1/merchants/" + mine, "{\"name\":\"x\"}").expectProblem(403);
            me.post("/v1/merchants/" + mine + "/pause").expectProblem(403);
        }
        view.post("/v1/merchants/" + mine + "/rotate-secret").expectProblem(403);
        view.post("/v1/merchants/" + mine + "/test").expectProblem(403);
        view.get("/v1/merchants/" + mine + "/keys").expectProblem(403);
        view.post("/v1/merchants/" + mine + "/keys", "{\"role\":\"manage\"}").expectProblem(403);

        manage.post("/v1/merchants/" + mine + "/test").expect(202);
        manage.post("/v1/merchants/" + other + "/test").expectProblem(404);
        TestResponse created = manage.post("/v1/merchants/" + mine + "/keys").expect(201);
        scene.caller(created.at("/key")).get("/v1/notifications").expect(200);
        assertThat(manage.get("/v1/merchants/" + mine + "/keys").expect(200).text())
                .contains(created.at("/id"));
        manage.delete("/v1/merchants/" + mine + "/keys/" + created.at("/id")).expect(204);
        scene.caller(created.at("/key")).get("/v1/notifications").expectProblem(401);

        String others = scene.operator
                .post("/v1/merchants/" + other + "/keys")
                .expect(201)
                .at("/id");
        manage.get("/v1/merchants/" + other + "/keys").expectProblem(404);
        manage.post("/v1/merchants/" + other + "/keys").expectProblem(404);
        manage.delete("/v1/merchants/" + other + "/keys/" + others).expectProblem(404);
        manage.delete("/v1/merchants/" + mine + "/keys/" + others).expectProblem(404);
    }

    @Test
    void theKeyOfTheSettingIsReplacedAndStaysRevoked(@TempDir Path dataDir) {
        String secret;
        try (ServerFixture server = new ServerFixture(dataDir)) {
            String first = listed(server, "operator").get("id").asString();
            TestResponse last = server.operator.delete("/v1/keys/" + first).expectProblem(409);
            assertThat(last.at("/code")).isEqualTo("last_operator_key");
            secret = server.operator
                    .post("/v1/keys", "{\"name\":\"alice\",\"role\":\"operator\"}")
                    .expect(201)
                    .at("/key");
            server.caller(secret).delete("/v1/keys/" + first).expect(204);
            server.operator.get("/v1/keys").expectProblem(401);
            server.caller(secret).get("/v1/keys").expect(200);
        }
        try (ServerFixture server = new ServerFixture(dataDir)) {
            server.operator.get("/v1/keys").expectProblem(401);
            server.caller(secret).get("/v1/keys").expect(200);
        }
    }

    @Test
    void anotherKeyOfTheSettingEndsTheEarlierOne(@TempDir Path dataDir) {
        new ServerFixture(dataDir).close();
        String next = "another-operator-key-of-the-tests";
        try (ServerFixture server = new ServerFixture(dataDir, Map.of(Setting.API_KEY, next))) {
            server.operator.get("/v1/keys").expectProblem(401);
            JsonNode keys =
                    server.caller(next).get("/v1/keys").expect(200).json().get("data");
            assertThat(keys.valueStream().map(key -> key.get("role").asString()))
                    .containsExactlyInAnyOrder("operator", "viewer");
        }
    }
}
