package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A changed notify_url applies to what still waits; a resend follows it, or goes to the address that it names. */
class ChangedAddressTest {
    private static final String WRONG = "http://127.0.0.1:1024/typo";

    private static ServerFixture scene;
    private static TestMerchant other;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
        other = new TestMerchant();
    }

    @AfterAll
    static void stop() {
        scene.close();
        other.close();
    }

    @Test
    void aChangedAddressAppliesToWhatWaitsAndToWhatIsResent() {
        String merchant = scene.merchant();
        move(merchant, WRONG);
        String waiting = send(merchant, "\"ladder\":[\"3s\",\"3s\"]");
        String exhausted = send(merchant, "\"ladder\":[\"1s\"]");
        awaitState(exhausted, "exhausted");
        String failed = scene.operator.get("/v1/notifications/" + exhausted).at("/url");
        assertThat(failed).isEqualTo(WRONG);

        move(merchant, scene.shop.url());
        scene.operator.post("/v1/notifications/" + exhausted + "/resend").expect(202);

        awaitState(exhausted, "delivered");
        awaitState(waiting, "delivered");
        assertThat(scene.operator.get("/v1/notifications/" + waiting).at("/url"))
                .isEqualTo(scene.shop.url());
    }

    @Test
    void aNotificationKeepsTheAddressThatItNames() {
        String merchant = scene.merchant();
        String id = send(merchant, "\"url\":\"" + WRONG + "\",\"ladder\":[\"1s\"]");
        move(merchant, scene.shop.url() + "/elsewhere");
        awaitState(id, "exhausted");
        assertThat(scene.operator.get("/v1/notifications/" + id).at("/url")).isEqualTo(WRONG);
    }

    @Test
    void aResendGoesToTheAddressThatItNames() {
        String merchant = scene.merchant();
        String id = send(merchant, "\"ladder\":[\"1s\"]");
        awaitState(id, "delivered");
        String resend = "/v1/notifications/" + id + "/resend";
        scene.operator.post(resend, "{\"url\":\"" + other.url() + "\"}").expect(202);
        await().untilAsserted(() -> assertThat(other.received())
                .anySatisfy(r -> assertThat(r.header("webhook-id")).isEqualTo(id)));
        assertThat(scene.operator.get("/v1/notifications/" + id).at("/url")).isEqualTo(other.url());
        scene.operator.post(resend, "{\"url\":\"ftp://shop.example/\"}").expectInvalid("url");
        scene.operator.post(resend, "{\"uri\":\"x\"}").expectInvalid("uri");
    }

    @Test
    void attemptsWithoutAnAddressAreRefusedUntilThereIsOne() {
        String merchant = scene.merchant();
        move(merchant, WRONG);
        String id = send(merchant, "\"ladder\":[\"1s\",\"2s\"]");
        scene.operator
                .patch("/v1/merchants/" + merchant, "{\"notify_url\":null}")
                .expect(200);
        await().untilAsserted(() -> assertThat(
                        scene.operator.get("/v1/notifications/" + id).at("/attempts/1/outcome"))
                .isEqualTo("refused"));
        move(merchant, scene.shop.url());
        awaitState(id, "delivered");
    }

    private static void move(String merchant, String url) {
        scene.operator
                .patch("/v1/merchants/" + merchant, "{\"notify_url\":\"" + url + "\"}")
                .expect(200);
    }

    private static String send(String merchant, String more) {
        return scene.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1," + more + "}")
                .expect(202)
                .at("/id");
    }

    private static void awaitState(String id, String state) {
        await().atMost(java.time.Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                scene.operator.get("/v1/notifications/" + id).at("/state"))
                        .isEqualTo(state));
    }
}
