package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ResendAndCancelTest {
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
    void aWaitingOneIsCancelledOnceAndASettledOneNot() {
        String id = scene.operator
                .post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + scene.merchant()
                                + "\",\"payload\":1,\"deliver_at\":\"2099-01-01T00:00:00Z\"}")
                .expect(202)
                .at("/id");
        TestResponse cancelled =
                scene.operator.post("/v1/notifications/" + id + "/cancel").expect(200);
        assertThat(cancelled.at("/state")).isEqualTo("cancelled");
        assertThat(cancelled.json().get("settled_at").isNull()).isFalse();
        scene.operator.post("/v1/notifications/" + id + "/cancel").expectProblem(409);
    }

    @Test
    void aDeliveredOneIsResentOnceMoreAndStaysDelivered() {
        String id = scene.send(scene.merchant(), "1");
        scene.settled(id);
        scene.operator.post("/v1/notifications/" + id + "/resend").expect(202);
        await().untilAsserted(() -> {
            JsonNode shown =
                    scene.operator.get("/v1/notifications/" + id).expect(200).json();
            assertThat(shown.get("attempts_made").asInt()).isEqualTo(2);
            assertThat(shown.get("state").asString()).isEqualTo("delivered");
        });
        scene.operator
                .post("/v1/notifications/" + id + "/resend", "{\"now\":true}")
                .expectInvalid("now");
    }

    @Test
    void manyAreResentOrOnlyCounted() {
        String merchant = scene.merchant();
        String[] ids = IntStream.range(0, 5)
                .mapToObj(i -> scene.operator
                        .post(
                                "/v1/notifications",
                                "{\"merchant_id\":\"" + merchant
                                        + "\",\"payload\":1,\"deliver_at\":\"2099-01-01T00:00:00Z\"}")
                        .expect(202)
                        .at("/id"))
                .toArray(String[]::new);
        for (String id : ids) {
            scene.operator.post("/v1/notifications/" + id + "/cancel").expect(200);
        }
        String which = "{\"merchant_id\":\"" + merchant + "\",\"state\":\"cancelled\"";
        await().untilAsserted(() -> {
            JsonNode counted = resendMany(which + ",\"dry_run\":true}");
            assertThat(counted.get("matched").asInt()).isEqualTo(5);
            assertThat(counted.get("resent").asInt()).isZero();
        });
        JsonNode resent = resendMany(which + "}");
        assertThat(resent.get("matched").asInt()).isEqualTo(5);
        assertThat(resent.get("resent").asInt()).isEqualTo(5);
        assertThat(resent.get("next_cursor").isNull()).isTrue();
        for (String id : ids) {
            assertThat(scene.settled(id).get("state").asString()).isEqualTo("delivered");
        }
        scene.operator.post("/v1/notifications/resend", "{}").expectInvalid("state");
        scene.operator
                .post("/v1/notifications/resend", "{\"state\":\"exhausted\",\"cursor\":\"x\"}")
                .expectInvalid("cursor");
    }

    private static JsonNode resendMany(String body) {
        return scene.operator.post("/v1/notifications/resend", body).expect(200).json();
    }

    @Test
    void waitingNotificationsAreCancelledInBulk() {
        String merchant = scene.merchant();
        scene.operator.post("/v1/merchants/" + merchant + "/pause").expect(200);
        String first = scene.send(merchant, "1");
        scene.send(merchant, "2");
        String filter = "{\"merchant_id\":\"" + merchant + "\"";
        assertThat(scene.operator
                        .post("/v1/notifications/cancel", filter + ",\"dry_run\":true}")
                        .expect(200)
                        .json()
                        .toString())
                .isEqualTo("{\"matched\":2,\"cancelled\":0,\"next_cursor\":null}");
        assertThat(scene.operator
                        .post("/v1/notifications/cancel", filter + "}")
                        .expect(200)
                        .json()
                        .toString())
                .isEqualTo("{\"matched\":2,\"cancelled\":2,\"next_cursor\":null}");
        assertThat(scene.operator.get("/v1/notifications/" + first).at("/state"))
                .isEqualTo("cancelled");
        scene.operator
                .post("/v1/notifications/cancel", filter + ",\"state\":\"exhausted\"}")
                .expectInvalid("state");
        scene.viewer.post("/v1/notifications/cancel", filter + "}").expect(403);
    }
}
