package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class MerchantsTest {
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
    void aNameIsAllThatIsNeeded() {
        TestResponse made =
                scene.operator.post("/v1/merchants", "{\"name\":\"茶馆 🍵\"}").expect(201);
        assertThat(made.at("/id")).matches("mch_[0-9a-hjkmnp-tv-z]{13}");
        assertThat(made.at("/name")).isEqualTo("茶馆 🍵");
        assertThat(made.at("/ladder")).isEqualTo("steps");
        assertThat(made.at("/acknowledge")).isEqualTo("2xx");
        assertThat(made.at("/signing")).isEqualTo("hmac");
        assertThat(made.at("/state")).isEqualTo("active");
        assertThat(made.json().get("max_in_flight").asInt()).isEqualTo(32);
        assertThat(made.json().get("notify_url").isNull()).isTrue();
        assertThat(made.at("/signing_secret")).matches("whsec_[A-Za-z0-9+/]+=*");
        TestResponse shown =
                scene.operator.get("/v1/merchants/" + made.at("/id")).expect(200);
        assertThat(shown.text()).doesNotContain(made.at("/signing_secret"));
        assertThat(shown.at("/created_at")).isEqualTo(made.at("/created_at"));
    }

    @ParameterizedTest
    @CsvSource({"ed25519,whpk_", "rsa2-form,MII"})
    void asymmetricSigningShowsAPublicKeyAndNoSecret(String signing, String begins) {
        TestResponse made = scene.operator
                .post("/v1/merchants", "{\"name\":\"x\",\"signing\":\"" + signing + "\"}")
                .expect(201);
        assertThat(made.at("/public_key")).startsWith(begins);
        assertThat(made.json().has("signing_secret")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name          | \"\"",
                "name          | \"  \"",
                "name          | null",
                "name          | \"a\\u0000b\"",
                "name          | \"\\ud800\"",
                "notify_url    | \"shop.example\"",
                "ladder        | \"none\"",
                "acknowledge   | \"200\"",
                "signing       | \"md5\"",
                "max_in_flight | 0",
                "max_in_flight | 1.5",
                "max_in_flight | \"32\"",
                "max_in_flight | 1e9",
                "state         | \"paused\"",
            })
    void whatIsWrongIsNamed(String field, String value) {
        String name = field.equals("name") ? "" : "\"name\":\"x\",";
        scene.operator
                .post("/v1/merchants", "{" + name + "\"" + field + "\":" + value + "}")
                .expectInvalid(field);
    }

    @Test
    void aChangeChangesWhatItNamesAndLeavesTheRest() {
        String id = scene.merchant(",\"ladder\":[\"1s\",\"1500ms\"]");
        TestResponse before = scene.operator.get("/v1/merchants/" + id).expect(200);
        assertThat(before.json().get("ladder").toString()).isEqualTo("[\"1s\",\"1500ms\"]");
        JsonNode after = scene.operator
                .patch("/v1/merchants/" + id, "{\"max_in_flight\":7,\"acknowledge\":\"body-success\"}")
                .expect(200)
                .json();
        assertThat(after.get("max_in_flight").asInt()).isEqualTo(7);
        assertThat(after.get("acknowledge").asString()).isEqualTo("body-success");
        assertThat(after.get("name")).isEqualTo(before.json().get("name"));
        assertThat(after.get("ladder")).isEqualTo(before.json().get("ladder"));
        assertThat(after.has("signing_secret")).isFalse();

        JsonNode without = scene.operator
                .patch("/v1/merchants/" + id, "{\"notify_url\":null}")
                .expect(200)
                .json();
        assertThat(without.get("notify_url").isNull()).isTrue();
        scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + id + "\",\"payload\":1}")
                .expectInvalid("url");
        scene.operator.post("/v1/merchants/" + id + "/test").expectInvalid("notify_url");
        scene.operator.patch("/v1/merchants/" + id, "{\"name\":null}").expectInvalid("name");
        scene.operator.patch("/v1/merchants/mch_0000000000000", "{}").expectProblem(404);
    }

    @Test
    void anotherSigningMakesAnotherKey() {
        String id = scene.merchant();
        TestResponse after = scene.operator
                .patch("/v1/merchants/" + id, "{\"signing\":\"ed25519\"}")
                .expect(200);
        assertThat(after.at("/public_key")).startsWith("whpk_");
        scene.send(id, "{\"a\":1}");
        await().until(() -> scene.shop.received().stream()
                .anyMatch(r -> r.header("webhook-signature") != null
                        && r.header("webhook-signature").startsWith("v1a,")));
    }

    @Test
    void aPausedOnesNotificationsWaitUntilItIsResumed() {
        String id = scene.merchant();
        TestResponse paused =
                scene.operator.post("/v1/merchants/" + id + "/pause").expect(200);
        assertThat(paused.at("/state")).isEqualTo("paused");
        String notification = scene.send(id, "1");
        await().untilAsserted(() -> assertThat(
                        scene.operator.get("/v1/notifications/" + notification).at("/held_by"))
                .isEqualTo("pause"));
        assertThat(scene.operator.get("/v1/notifications/" + notification).at("/state"))
                .isEqualTo("waiting");
        assertThat(scene.operator
                        .get("/v1/merchants/" + id)
                        .expect(200)
                        .json()
                        .at("/health/waiting")
                        .asInt())
                .isEqualTo(1);
        assertThat(scene.operator
                        .post("/v1/merchants/" + id + "/resume")
                        .expect(200)
                        .at("/state"))
                .isEqualTo("active");
        await().untilAsserted(() -> assertThat(
                        scene.operator.get("/v1/notifications/" + notification).at("/state"))
                .isEqualTo("delivered"));
    }

    @Test
    void aTestNotificationIsSent() {
        String id = scene.merchant();
        TestResponse sent = scene.operator.post("/v1/merchants/" + id + "/test").expect(202);
        assertThat(sent.at("/event_type")).isEqualTo("rung.test");
        await().untilAsserted(() -> assertThat(scene.shop.received())
                .anySatisfy(r -> assertThat(r.header("webhook-id")).isEqualTo(sent.at("/id"))));
    }

    @Test
    void bothKeysSignWhileTheyOverlap() {
        String id = scene.merchant();
        TestResponse rotated = scene.operator
                .post("/v1/merchants/" + id + "/rotate-secret", "{\"overlap\":\"1h\"}")
                .expect(200);
        assertThat(rotated.at("/signing_secret")).startsWith("whsec_");
        assertThat(Instant.parse(rotated.at("/previous_key_until")))
                .isBetween(Instant.now().plusSeconds(3_500), Instant.now().plusSeconds(3_700));
        String notification = scene.send(id, "1");
        await().untilAsserted(() -> assertThat(scene.shop.received()).anySatisfy(r -> {
            assertThat(r.header("webhook-id")).isEqualTo(notification);
            assertThat(r.header("webhook-signature").split(" ")).hasSize(2);
        }));
        scene.operator
                .post("/v1/merchants/" + id + "/rotate-secret", "{\"overlap\":\"soon\"}")
                .expectInvalid("overlap");
        scene.operator
                .post("/v1/merchants/" + id + "/rotate-secret", "{\"overlap\":\"721h\"}")
                .expectInvalid("overlap");
        TestResponse atOnce = scene.operator
                .post("/v1/merchants/" + id + "/rotate-secret", "{\"overlap\":\"0s\"}")
                .expect(200);
        assertThat(atOnce.json().get("previous_key_until").isNull()).isTrue();
    }

    @Test
    void everyKeySignsUntilItsPromisedTime() {
        String id = scene.merchant();
        String rotate = "/v1/merchants/" + id + "/rotate-secret";
        for (int i = 0; i < 4; i++) {
            scene.operator.post(rotate, "{\"overlap\":\"1h\"}").expect(200);
        }
        assertThat(signatures(id)).isEqualTo(5);
        scene.operator.post(rotate, "{\"overlap\":\"1h\"}").expect(409);

        scene.operator.post(rotate, "{\"overlap\":\"0s\"}").expect(200);
        assertThat(signatures(id)).isEqualTo(1);
        scene.operator.post(rotate, "{\"overlap\":\"1h\"}").expect(200);
    }

    private static int signatures(String merchant) {
        String notification = scene.send(merchant, "1");
        return await().until(
                        () -> scene.shop.received().stream()
                                .filter(r -> r.header("webhook-id").equals(notification))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow()
                .header("webhook-signature")
                .split(" ")
                .length;
    }

    @Test
    void theFormDialectTakesObjectsWithoutItsOwnNames() {
        String id = scene.merchant(",\"signing\":\"rsa2-form\"");
        scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + id + "\",\"payload\":[1]}")
                .expectInvalid("payload");
        scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + id + "\",\"payload\":{\"sign\":1}}")
                .expectInvalid("payload");
        String notification = scene.send(id, "{\"total_amount\":12.30}");
        await().untilAsserted(() -> assertThat(scene.shop.received())
                .anySatisfy(r -> assertThat(r.body()).contains(notification, "total_amount=12.30", "sign=")));
    }

    @Test
    void aMerchantThatIsNotThereIsNotFound() {
        for (String path : new String[] {"", "/pause", "/resume", "/test", "/rotate-secret", "/keys"}) {
            for (String id : new String[] {"mch_0000000000000", "7"}) {
                String at = "/v1/merchants/" + id + path;
                (path.isEmpty() ? scene.operator.get(at) : scene.operator.post(at)).expectProblem(404);
            }
        }
    }

    @Test
    void listsTurnTheirPages() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.addFirst(scene.merchant());
        }
        List<String> listed = new ArrayList<>();
        String cursor = "";
        while (listed.size() < 3) {
            JsonNode page = scene.operator
                    .get("/v1/merchants?limit=1" + cursor)
                    .expect(200)
                    .json();
            page.get("data").forEach(m -> listed.add(m.get("id").asString()));
            cursor = "&cursor=" + page.get("next_cursor").asString();
        }
        assertThat(listed).isEqualTo(made);
    }

    @Test
    void aLadderIsSavedUsedAndDoesNotChangeWhatWasTakenIn() {
        TestResponse saved = scene.operator
                .put("/v1/ladders/quick", "{\"steps\":[\"1m30s\",\"1h\"]}")
                .expect(200);
        assertThat(saved.json().get("steps").toString()).isEqualTo("[\"90s\",\"3600s\"]");
        String id = scene.merchant(",\"ladder\":\"quick\"");
        String notification = scene.send(id, "1");
        scene.operator.put("/v1/ladders/quick", "{\"steps\":[\"1s\"]}").expect(200);
        assertThat(scene.operator
                        .get("/v1/notifications/" + notification)
                        .json()
                        .get("ladder")
                        .toString())
                .isEqualTo("[\"90s\",\"3600s\"]");
        assertThat(scene.operator
                        .get("/v1/notifications/" + scene.send(id, "1"))
                        .json()
                        .get("ladder")
                        .toString())
                .isEqualTo("[\"1s\"]");
        JsonNode ladders = scene.operator.get("/v1/ladders").expect(200).json().get("data");
        assertThat(ladders.valueStream().map(l -> l.get("name").asString()))
                .contains("steps", "doubling", "wechat", "alipay", "standard-webhooks", "quick");
        assertThat(ladders.get(0).get("steps").toString())
                .isEqualTo("[\"3s\",\"30s\",\"60s\",\"120s\",\"180s\",\"300s\"]");
    }

    @Test
    void presetsAndWrongLaddersAreRefused() {
        scene.operator.put("/v1/ladders/steps", "{\"steps\":[\"1s\"]}").expectProblem(409);
        scene.operator.put("/v1/ladders/a%20b", "{\"steps\":[\"1s\"]}").expectInvalid("name");
        scene.operator.put("/v1/ladders/x", "{\"steps\":[]}").expectInvalid("steps");
        scene.operator.put("/v1/ladders/x", "{}").expectInvalid("steps");
        scene.operator
                .put("/v1/ladders/x", "{\"steps\":[\"1s\",\"0s\"],\"preset\":true}")
                .expectInvalid("steps[1]")
                .expectInvalid("preset");
    }
}
