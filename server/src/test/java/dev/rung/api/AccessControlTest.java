package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AccessControlTest {
    private static ServerFixture scene;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/notifications",
                "/v1/notifications/ntf_0000000000000",
                "/v1/merchants",
                "/v1/no-such-thing",
                "/v1/stream",
                "/v1/",
            })
    void withoutAKeyNothingIsRevealed(String path) {
        TestResponse reply = scene.anonymous.get(path).expectProblem(401);
        assertThat(reply.header("www-authenticate")).startsWith("Bearer");
        assertThat(scene.caller("wrong").get(path).expectProblem(401).text()).isEqualTo(reply.text());
        assertThat(scene.caller("rung_mk_" + "A".repeat(43))
                        .get(path)
                        .expectProblem(401)
                        .text())
                .isEqualTo(reply.text());
        assertThat(scene.anonymous.delete(path).expectProblem(401).text()).isEqualTo(reply.text());
        assertThat(scene.anonymous.post(path, "{").expectProblem(401).text()).isEqualTo(reply.text());
    }

    @Test
    void aMerchantsKeyThatChangesTooMuchIsToWaitAndOthersAreServed() {
        String mine = scene.merchant();
        ApiTestClient me = keyOf(mine);
        ApiTestClient other = keyOf(mine);
        String dryRun = "{\"state\":\"exhausted\",\"dry_run\":true}";
        int accepted = 0;
        TestResponse answer = me.post("/v1/notifications/resend", dryRun);
        while (answer.status() == 200 && accepted < 100) {
            accepted++;
            answer = me.post("/v1/notifications/resend", dryRun);
        }
        assertThat(accepted).isBetween(4, 20);
        assertThat(answer.expectProblem(429).header("retry-after")).isNotEmpty();
        me.get("/v1/notifications").expect(200);
        other.post("/v1/notifications/resend", dryRun).expect(200);
    }

    @Test
    void bodiesThatCannotBeAreRefusedAtOnce() {
        scene.operator
                .post("/v1/notifications/batch", "[" + "0,".repeat(4_000_000) + "0]")
                .expectProblem(422);
        scene.operator
                .post("/v1/notifications/batch", "{\"notifications\":[" + "0,".repeat(4_000_000) + "0]}")
                .expectProblem(400);
    }

    @Test
    void theViewerReadsEverythingAndChangesNothing() {
        String merchant = scene.merchant();
        String id = scene.send(merchant, "1");
        scene.viewer.get("/v1/merchants/" + merchant).expect(200);
        scene.viewer.get("/v1/merchants/" + merchant + "/keys").expect(200);
        scene.viewer.get("/v1/notifications/" + id).expect(200);
        scene.viewer.get("/v1/notifications/" + id + "/payload").expect(200);
        scene.viewer.get("/v1/ladders").expect(200);
        scene.viewer.post("/v1/notifications", "{}").expectProblem(403);
        scene.viewer.post("/v1/notifications/" + id + "/resend").expectProblem(403);
        scene.viewer.post("/v1/merchants", "{\"name\":\"x\"}").expectProblem(403);
        scene.viewer.patch("/v1/merchants/" + merchant, "{}").expectProblem(403);
        scene.viewer.post("/v1/merchants/" + merchant + "/keys").expectProblem(403);
        scene.viewer
                .post("/v1/notifications/resend", "{\"state\":\"exhausted\",\"dry_run\":true}")
                .expectProblem(403);
    }

    @Test
    void aMerchantSeesItsOwnAndNothingElse() {
        String mine = scene.merchant();
        String other = scene.merchant();
        String myNotification = scene.send(mine, "1");
        String otherNotification = scene.send(other, "2");
        ApiTestClient me = keyOf(mine);

        me.get("/v1/notifications/" + myNotification).expect(200);
        me.get("/v1/notifications/" + myNotification + "/payload").expect(200);
        me.post("/v1/notifications/" + myNotification + "/resend").expect(202);
        me.get("/v1/events").expect(200);
        await().untilAsserted(() -> {
            JsonNode list = me.get("/v1/notifications").expect(200).json();
            assertThat(list.get("data")
                            .valueStream()
                            .map(n -> n.get("merchant_id").asString()))
                    .containsExactly(mine);
        });
        me.get("/v1/notifications/" + otherNotification).expectProblem(404);
        me.get("/v1/notifications/" + otherNotification + "/payload").expectProblem(404);
        me.post("/v1/notifications/" + otherNotification + "/resend").expectProblem(404);
        me.get("/v1/notifications?merchant_id=" + other).expectProblem(404);
        me.get("/v1/merchants/" + mine).expect(200);
        me.get("/v1/merchants/" + other).expectProblem(404);
        me.get("/v1/events?merchant_id=" + other).expectProblem(404);
        me.get("/v1/stream?merchant_id=" + other).expectProblem(404);
        String many = "{\"merchant_id\":\"" + other + "\",\"state\":\"delivered\"}";
        me.post("/v1/notifications/resend", many).expectProblem(404);
        for (String path : new String[] {"/v1/merchants", "/v1/ladders", "/metrics"}) {
            if (path.startsWith("/v1")) {
                me.get(path).expectProblem(403);
            }
        }
        me.post("/v1/notifications", "{\"merchant_id\":\"" + mine + "\",\"payload\":1}")
                .expectProblem(403);
        me.post("/v1/notifications/" + myNotification + "/cancel").expectProblem(403);
    }

    @Test
    void aMerchantResendsManyOfItsOwnOnly() {
        String mine = scene.merchant();
        String other = scene.merchant();
        String myNotification = scene.send(mine, "1");
        String otherNotification = scene.send(other, "2");
        for (String id : new String[] {myNotification, otherNotification}) {
            await().until(() ->
                    scene.operator.get("/v1/notifications/" + id).at("/state").equals("delivered"));
        }
        ApiTestClient me = keyOf(mine);
        await().untilAsserted(() -> {
            JsonNode counted = me.post("/v1/notifications/resend", "{\"state\":\"delivered\",\"dry_run\":true}")
                    .expect(200)
                    .json();
            assertThat(counted.get("matched").asInt()).isEqualTo(1);
        });
    }

    @Test
    void aKeyIsShownOnceListedWithoutItsSecretAndEnded() {
        String merchant = scene.merchant();
        TestResponse made =
                scene.operator.post("/v1/merchants/" + merchant + "/keys").expect(201);
        String secret = made.at("/key");
        TestResponse list =
                scene.operator.get("/v1/merchants/" + merchant + "/keys").expect(200);
        assertThat(list.text()).contains(made.at("/id")).doesNotContain(secret);
        assertThat(secret).endsWith(list.at("/data/0/hint"));
        ApiTestClient me = scene.caller(secret);
        me.get("/v1/notifications").expect(200);

        String other = scene.merchant();
        scene.operator
                .delete("/v1/merchants/" + other + "/keys/" + made.at("/id"))
                .expectProblem(404);
        me.get("/v1/notifications").expect(200);
        scene.operator
                .delete("/v1/merchants/" + merchant + "/keys/" + made.at("/id"))
                .expect(204);
        me.get("/v1/notifications").expectProblem(401);
        scene.operator
                .delete("/v1/merchants/" + merchant + "/keys/" + made.at("/id"))
                .expectProblem(404);
    }

    private static ApiTestClient keyOf(String merchant) {
        return scene.caller(scene.operator
                .post("/v1/merchants/" + merchant + "/keys")
                .expect(201)
                .at("/key"));
    }
}
