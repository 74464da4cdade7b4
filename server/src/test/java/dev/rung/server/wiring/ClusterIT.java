package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.scene.Caller;
import dev.rung.server.scene.Reply;
import dev.rung.server.scene.ServerScene;
import dev.rung.server.settings.Setting;
import dev.rung.testing.PostgresServer;
import dev.rung.testing.RabbitServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL and one RabbitMQ. */
class ClusterIT {
    private static final Duration LONG = Duration.ofSeconds(40);

    private static PostgresServer postgres;
    private static RabbitServer rabbit;
    private static ServerScene a;
    private static ServerScene b;

    @BeforeAll
    static void start(@TempDir Path dirOfA, @TempDir Path dirOfB) {
        postgres = PostgresServer.start();
        rabbit = RabbitServer.start();
        Map<Setting, String> cluster = Map.of(
                Setting.DATABASE_URL, postgres.createDatabase(),
                Setting.DATABASE_USER, postgres.user(),
                Setting.DATABASE_PASSWORD, postgres.password(),
                Setting.RABBITMQ_URI, rabbit.uri(),
                Setting.MASTER_KEY, "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=");
        a = new ServerScene(dirOfA, cluster);
        b = new ServerScene(dirOfB, cluster);
    }

    @AfterAll
    static void stop() {
        a.close();
        b.close();
        rabbit.close();
        postgres.close();
    }

    private static void awaitReady(ServerScene server) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(server.nobody.get("/ready").text())
                        .isEqualTo("{\"status\":\"ready\",\"reasons\":[]}"));
    }

    private static void awaitDelivered(Caller caller, String id) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(caller.get("/v1/notifications/" + id).at("/state"))
                                .isEqualTo("delivered"));
    }

    @Test
    void whatOneTakesInTheOtherShowsAndOneOfThemDeliversOnce() {
        awaitReady(a);
        awaitReady(b);
        String merchant = a.merchant();
        String id = b.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                .expect(202)
                .at("/id");
        awaitDelivered(a.operator, id);
        assertThat(a.shop.received().stream().filter(r -> id.equals(r.header("webhook-id"))))
                .hasSize(1);
    }

    @Test
    void aChangeMadeOnOneIsSeenByTheOther() {
        String merchant = a.merchant();
        b.send(merchant, "1");
        a.operator
                .patch("/v1/merchants/" + merchant, "{\"notify_url\":\"" + a.shop.url() + "/elsewhere\"}")
                .expect(200);
        await().untilAsserted(() -> assertThat(b.operator
                        .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                        .expect(202)
                        .at("/url"))
                .endsWith("/elsewhere"));
        a.operator.put("/v1/ladders/shared", "{\"steps\":[\"7s\"]}").expect(200);
        b.operator.patch("/v1/merchants/" + merchant, "{\"ladder\":\"shared\"}").expect(200);
    }

    @Test
    void withoutItsBrokerAServerStillTakesInAndSaysSo() {
        String merchant = a.merchant();
        awaitReady(a);
        rabbit.stop();
        String id;
        try {
            await().atMost(LONG).until(() -> a.nobody.get("/ready").status() == 503);
            Reply ready = a.nobody.get("/ready").expect(503);
            assertThat(ready.text()).contains("broker").doesNotContain("127.0.0.1", "localhost");
            id = a.send(merchant, "1");
            assertThat(a.operator.get("/v1/notifications/" + id).at("/state")).isEqualTo("waiting");
        } finally {
            rabbit.restart();
        }
        awaitReady(a);
        awaitDelivered(a.operator, id);
    }

    @Test
    void withoutItsDatabaseAServerRefusesAndComesBack() {
        String merchant = a.merchant();
        String body = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        a.operator.post("/v1/notifications", body).expect(202);
        postgres.stop();
        try {
            await().atMost(LONG).until(() -> a.nobody.get("/ready").status() == 503);
            assertThat(a.nobody.get("/ready").expect(503).text())
                    .contains("database")
                    .doesNotContain("127.0.0.1", "localhost");
            Reply refused = a.operator.post("/v1/notifications", body).expectProblem(503);
            assertThat(Integer.parseInt(refused.header("retry-after"))).isPositive();
            a.operator.get("/v1/merchants").expectProblem(503);
            a.nobody.get("/health").expect(200);
            a.nobody.get("/metrics").expect(200);
        } finally {
            postgres.restart();
        }
        awaitReady(a);
        awaitReady(b);
        String id = a.operator.post("/v1/notifications", body).expect(202).at("/id");
        awaitDelivered(b.operator, id);
    }
}
