package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.client.WebhookRejectedException;
import dev.rung.client.WebhookVerifier;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.server.fixture.TestMerchant.Received;
import dev.rung.settings.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts, through the engine of a real server. */
class AlertsTest {
    private static final String SECRET = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=";

    private static TestMerchant operators;
    private static ServerFixture scene;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        operators = new TestMerchant();
        scene = new ServerFixture(
                folder.resolve("data"),
                Map.of(
                        Setting.ALERTS_URL,
                        operators.url(),
                        Setting.ALERTS_SECRET_FILE,
                        Files.writeString(folder.resolve("secret"), SECRET).toString()));
    }

    @AfterAll
    static void stop() {
        scene.close();
        operators.close();
    }

    private static List<Received> received(String type) {
        return operators.received().stream()
                .filter(r -> r.body().startsWith("{\"type\":\"" + type + "\""))
                .toList();
    }

    @Test
    void aTestAlertIsSignedAndRetriedByTheLadder() throws WebhookRejectedException {
        operators.answer(500);
        String id = scene.operator.post("/v1/alerts/test", "{}").expect(202).at("/id");
        await().until(() -> received("alerts.test").size() == 1);
        operators.answer(200);
        await().until(() -> received("alerts.test").size() == 2);

        Received alert = received("alerts.test").getLast();
        assertThat(alert.header("webhook-id")).isEqualTo(id);
        assertThat(alert.header("rung-attempt")).isEqualTo("2");
        assertThat(alert.header("rung-event-type")).isEqualTo("alerts.test");
        new WebhookVerifier(SECRET).verify(alert::header, alert.body().getBytes(StandardCharsets.UTF_8));

        // It is no notification of anyone.
        scene.operator.get("/v1/notifications/" + id).expect(404);
        assertThat(scene.operator.get("/v1/notifications").expect(200).at("/data/0/event_type"))
                .isNotEqualTo("alerts.test");
        assertThat(scene.operator
                        .get("/v1/audit?action=alerts.test")
                        .expect(200)
                        .at("/data/0/target"))
                .isEqualTo(id);
        scene.viewer.post("/v1/alerts/test", "{}").expect(403);
        scene.operator.post("/v1/alerts/test", "{\"text\":\"hi\"}").expectInvalid("text");
    }

    @Test
    void aMerchantThatStopsAnsweringAndRecoversIsReported() {
        TestMerchant closed = new TestMerchant();
        closed.close();
        String merchant = scene.operator
                .post(
                        "/v1/merchants",
                        "{\"name\":\"Closed Shop\",\"notify_url\":\"" + closed.url()
                                + "\",\"ladder\":[\"1s\",\"1s\",\"1s\"]}")
                .expect(201)
                .at("/id");
        for (int i = 0; i < 2; i++) {
            scene.send(merchant, "1");
        }
        await().until(() -> received("merchant.not_answering").size() == 1);
        assertThat(received("merchant.not_answering").getFirst().body())
                .contains("Closed Shop (" + merchant + ") does not answer", "\"merchant_id\":\"" + merchant + "\"");

        scene.operator
                .patch("/v1/merchants/" + merchant, "{\"notify_url\":\"" + scene.shop.url() + "\"}")
                .expect(200);
        scene.send(merchant, "1");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> received("merchant.recovered").size() == 1);
        assertThat(received("merchant.not_answering")).hasSize(1);
    }
}
