package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.server.fixture.TestResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A deleted merchant is refused everywhere, and its records stay. */
class MerchantDeletionTest {
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
    void aMerchantWithNothingOpenIsDeletedAndRefusedAfterwards() {
        String merchant = scene.merchant();
        String delivered = scene.send(merchant, "1");
        await().until(() -> state(delivered).equals("delivered"));
        TestResponse key =
                scene.operator.post("/v1/merchants/" + merchant + "/keys").expect(201);
        String path = "/v1/merchants/" + merchant;
        scene.viewer.delete(path).expect(403);
        scene.operator.delete(path + "?cancel_waiting=maybe").expectInvalid("cancel_waiting");

        scene.operator.delete(path).expect(204);

        scene.operator.delete(path).expect(404);
        scene.operator.get(path).expect(404);
        scene.operator.patch(path, "{\"name\":\"x\"}").expect(404);
        scene.operator.post(path + "/test", "").expect(404);
        scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                .expectInvalid("merchant_id");
        scene.operator.post("/v1/payments", payment(merchant)).expectInvalid("merchant_id");
        scene.operator.post("/v1/notifications/" + delivered + "/resend", "").expect(409);
        scene.caller(key.at("/key")).get("/v1/notifications").expect(401);
        for (JsonNode listed : scene.operator.get("/v1/merchants").json().get("data")) {
            assertThat(listed.get("id").asString()).isNotEqualTo(merchant);
        }
        assertThat(scene.operator.get("/v1/notifications/" + delivered).at("/merchant_id"))
                .isEqualTo(merchant);
        assertThat(scene.operator
                        .get("/v1/notifications?merchant_id=" + merchant)
                        .json()
                        .get("data")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void whatWaitsIsCancelledOnlyOnRequest() {
        try (TestMerchant broken = new TestMerchant()) {
            broken.answer(500);
            String merchant = scene.operator
                    .post(
                            "/v1/merchants",
                            "{\"name\":\"Tea House\",\"notify_url\":\"" + broken.url() + "\",\"ladder\":[\"1h\"]}")
                    .expect(201)
                    .at("/id");
            String retried = scene.send(merchant, "1");
            await().until(() -> !broken.received().isEmpty());
            scene.operator.post("/v1/merchants/" + merchant + "/pause").expect(200);
            String parked = scene.send(merchant, "1");
            TestResponse refused =
                    scene.operator.delete("/v1/merchants/" + merchant).expect(409);
            assertThat(refused.at("/code")).isEqualTo("notifications_waiting");

            scene.operator
                    .delete("/v1/merchants/" + merchant + "?cancel_waiting=true")
                    .expect(204);

            await().untilAsserted(() -> {
                assertThat(state(retried)).isEqualTo("cancelled");
                assertThat(state(parked)).isEqualTo("cancelled");
            });
        }
    }

    @Test
    void aMerchantWithAnOpenPaymentStays() {
        String merchant = scene.merchant();
        String id = scene.operator
                .post("/v1/payments", payment(merchant))
                .expect(201)
                .at("/id");
        String path = "/v1/merchants/" + merchant + "?cancel_waiting=true";
        assertThat(scene.operator.delete(path).expect(409).at("/code")).isEqualTo("payments_open");
        await().untilAsserted(() -> assertThat(
                        scene.operator.post("/v1/payments/" + id + "/close", "").at("/state"))
                .isEqualTo("closed"));
        scene.operator.delete(path).expect(204);
        assertThat(scene.operator.get("/v1/payments/" + id).expect(200).at("/state"))
                .isEqualTo("closed");
    }

    private static String payment(String merchant) {
        return "{\"merchant_id\":\"" + merchant
                + "\",\"out_trade_no\":\"T1\",\"amount\":{\"value\":1,\"currency\":\"CNY\"},"
                + "\"subject\":\"tea\",\"channel\":\"simulator\",\"channel_options\":{\"outcome\":\"never\"}}";
    }

    private static String state(String notification) {
        return scene.operator.get("/v1/notifications/" + notification).at("/state");
    }
}
