package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ExampleProcess;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import dev.rung.testing.PostgresServer;
import dev.rung.testing.RabbitServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two servers on one PostgreSQL and one RabbitMQ. */
class ClusterIT {
    private static PostgresServer postgres;
    private static RabbitServer rabbit;
    private static ServerFixture a;
    private static ServerFixture b;

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
        a = new ServerFixture(dirOfA, cluster);
        b = new ServerFixture(dirOfB, cluster);
    }

    @AfterAll
    static void stop() {
        a.close();
        b.close();
        rabbit.close();
        postgres.close();
    }

    private static void awaitReady(ServerFixture server) {
        await().untilAsserted(() ->
                assertThat(server.anonymous.get("/ready").text()).isEqualTo("{\"status\":\"ready\",\"reasons\":[]}"));
    }

    private static void awaitDelivered(ApiTestClient caller, String id) {
        await().untilAsserted(() ->
                assertThat(caller.get("/v1/notifications/" + id).at("/state")).isEqualTo("delivered"));
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
    void aRateHoldsForBothServersTogether() {
        awaitReady(a);
        awaitReady(b);
        String merchant = a.merchant(",\"rate\":20");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(a.send(merchant, "1"));
            ids.add(b.send(merchant, "1"));
        }
        ids.forEach(id -> awaitDelivered(a.operator, id));
        List<Instant> sent = ids.stream().map(ClusterIT::firstAttempt).sorted().toList();
        // 60 attempts, 20 a second: of each server the first goes at once.
        assertThat(Duration.between(sent.getFirst(), sent.getLast())).isGreaterThan(Duration.ofMillis(2_700));
        for (Instant from : sent) {
            Instant to = from.plusSeconds(1);
            assertThat(sent.stream().filter(at -> !at.isBefore(from) && at.isBefore(to)))
                    .as("in the second from " + from)
                    .hasSizeLessThanOrEqualTo(22);
        }
    }

    private static Instant firstAttempt(String id) {
        return Instant.parse(
                a.operator.get("/v1/notifications/" + id).expect(200).at("/attempts/0/started_at"));
    }

    @Test
    void whatOneServerIsAskedToWaitTheOtherWaitsToo() {
        awaitReady(a);
        try (TestMerchant shop = new TestMerchant()) {
            shop.answerRetryAfter(429, 4);
            String merchant = a.operator
                    .post("/v1/merchants", "{\"name\":\"Noodle Bar\",\"notify_url\":\"" + shop.url() + "\"}")
                    .expect(201)
                    .at("/id");
            String first = a.send(merchant, "1");
            await().until(() -> shop.received().size() == 1);
            shop.answer(200);
            await().until(() -> standing(a, merchant).equals("throttled")
                    && standing(b, merchant).equals("throttled"));
            String second = b.send(merchant, "2");
            String third = a.send(merchant, "3");
            List.of(first, second, third).forEach(id -> awaitDelivered(a.operator, id));

            JsonNode attempts = a.operator
                    .get("/v1/notifications/" + first)
                    .expect(200)
                    .json()
                    .get("attempts");
            Instant until =
                    Instant.parse(attempts.get(0).get("started_at").asString()).plusSeconds(4);
            assertThat(List.of(firstAttempt(second), firstAttempt(third))).allMatch(at -> !at.isBefore(until));
        }
    }

    private static String standing(ServerFixture server, String merchant) {
        return server.operator.get("/v1/merchants/" + merchant).expect(200).at("/health/standing");
    }

    @Test
    void aPauseAndADeletionHoldOnBothServers() {
        awaitReady(a);
        awaitReady(b);
        String merchant = a.merchant();
        awaitDelivered(b.operator, b.send(merchant, "0"));
        a.operator.post("/v1/merchants/" + merchant + "/pause").expect(200);
        List<String> held = new ArrayList<>();
        // Within a second the other server knows; what it takes before may still be delivered.
        await().until(() -> {
            String id = b.send(merchant, "1");
            held.add(id);
            JsonNode decided = await().until(
                            () -> b.operator
                                    .get("/v1/notifications/" + id)
                                    .expect(200)
                                    .json(),
                            n -> !n.get("held_by").isNull()
                                    || n.get("state").asString().equals("delivered"));
            return decided.get("held_by").asString("").equals("pause");
        });
        b.operator.post("/v1/merchants/" + merchant + "/resume").expect(200);
        held.forEach(id -> awaitDelivered(a.operator, id));

        a.operator.delete("/v1/merchants/" + merchant).expect(204);
        await().untilAsserted(() -> b.operator
                .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                .expectInvalid("merchant_id"));
        b.operator.get("/v1/merchants/" + merchant).expectProblem(404);
    }

    @Test
    void whatIsPublishedIsTakenInLikeWhatIsPosted() throws Exception {
        awaitReady(a);
        String merchant = a.merchant();
        String body = "{\"merchant_id\":\"" + merchant + "\",\"payload\": {\"amount\" : 12.30}}";
        RabbitServer.ask(rabbit.uri(), channel -> {
            channel.confirmSelect();
            AMQP.BasicProperties once =
                    new AMQP.BasicProperties.Builder().messageId("T1-paid").build();
            channel.basicPublish("rung.intake", merchant, once, body.getBytes(StandardCharsets.UTF_8));
            channel.basicPublish("rung.intake", "", once, body.getBytes(StandardCharsets.UTF_8));
            return channel.waitForConfirms();
        });
        await().untilAsserted(() -> assertThat(ofMerchant(merchant).size()).isEqualTo(1));
        awaitDelivered(a.operator, ofMerchant(merchant).get(0).get("id").asString());
        assertThat(a.shop.received()).anySatisfy(r -> assertThat(r.body()).isEqualTo("{\"amount\" : 12.30}"));
    }

    @Test
    void theExampleProducerPublishesAndIsConfirmed(@TempDir Path folder) {
        awaitReady(a);
        String merchant = a.merchant();
        try (ExampleProcess producer = new ExampleProcess(
                folder,
                "rabbit-producer/producer.jar",
                Map.of("SPRING_RABBITMQ_ADDRESSES", rabbit.uri()),
                merchant,
                "E1",
                "12.30")) {
            producer.awaitLine("confirmed E1-paid");
        }
        await().until(() -> ofMerchant(merchant).size() == 1);
        awaitDelivered(a.operator, ofMerchant(merchant).get(0).get("id").asString());
        assertThat(a.shop.received())
                .anySatisfy(r -> assertThat(r.body()).isEqualTo("{\"order_no\":\"E1\",\"amount\":12.30}"));
    }

    @Test
    void theExampleReceiverVerifiesWithTheSdkOfAlipayAndHandlesEachOnce(@TempDir Path folder) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String settings = """
                {"name":"alipay-style","notify_url":"http://127.0.0.1:%d/","signing":"rsa2-form","acknowledge":"body-success",
                 "ladder":["1s"]}""".formatted(port);
        TestResponse merchant = a.operator.post("/v1/merchants", settings).expect(201);
        Map<String, String> environment =
                Map.of("RUNG_PUBLIC_KEY", merchant.at("/public_key"), "PORT", Integer.toString(port));
        try (ExampleProcess receiver = new ExampleProcess(folder, "alipay-receiver/alipay-receiver.jar", environment)) {
            receiver.awaitLine("listening at " + port);
            String id = a.send(
                    merchant.at("/id"),
                    "{\"out_trade_no\":\"T1001\",\"total_amount\":\"12.30\",\"subject\":\"两杯茶&+\"}");
            a.settled(id);
            a.operator.post("/v1/notifications/" + id + "/resend").expect(202);
            await().until(() -> a.settled(id).get("attempts").size() == 2);

            assertThat(a.settled(id).at("/attempts/1/response_body").asString()).isEqualTo("success");
            assertThat(receiver.lines())
                    .filteredOn(line -> line.startsWith("handled "))
                    .singleElement()
                    .asString()
                    .endsWith(" T1001");

            String other =
                    a.operator.post("/v1/merchants", settings).expect(201).at("/id");
            String foreign = a.send(other, "{\"out_trade_no\":\"T1002\"}");
            assertThat(a.settled(foreign).at("/attempts/0/http_status").asInt())
                    .as("signed with another key")
                    .isEqualTo(401);
        }
    }

    @Test
    void whatIsPublishedWithoutAnIdIsTakenInEachTime() {
        awaitReady(a);
        String merchant = a.merchant();
        byte[] body = ("{\"merchant_id\":\"" + merchant + "\",\"payload\":1}").getBytes(StandardCharsets.UTF_8);
        RabbitServer.ask(rabbit.uri(), channel -> {
            channel.confirmSelect();
            channel.basicPublish("rung.intake", merchant, null, body);
            channel.basicPublish("rung.intake", merchant, null, body);
            return channel.waitForConfirms();
        });
        await().untilAsserted(() -> assertThat(ofMerchant(merchant).size()).isEqualTo(2));
    }

    private static JsonNode ofMerchant(String merchant) {
        return a.operator
                .get("/v1/notifications?merchant_id=" + merchant)
                .expect(200)
                .json()
                .get("data");
    }

    @Test
    void whatIsPublishedAndInvalidIsKeptWithTheReason() throws Exception {
        awaitReady(a);
        String merchant = a.merchant();
        String other = a.merchant();
        String good = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        RabbitServer.ask(rabbit.uri(), channel -> {
            channel.confirmSelect();
            for (String[] submission : new String[][] {
                {"", "{"}, {other, good}, {merchant, "{\"merchant_id\":\"" + merchant + "\",\"paylod\":1}"}
            }) {
                channel.basicPublish(
                        "rung.intake", submission[0], null, submission[1].getBytes(StandardCharsets.UTF_8));
            }
            AMQP.BasicProperties sameId =
                    new AMQP.BasicProperties.Builder().messageId("T2-paid").build();
            channel.basicPublish("rung.intake", merchant, sameId, good.getBytes(StandardCharsets.UTF_8));
            channel.basicPublish(
                    "rung.intake", merchant, sameId, good.replace(":1}", ":2}").getBytes(StandardCharsets.UTF_8));
            return channel.waitForConfirms();
        });
        List<String> reasons = new ArrayList<>();
        await().until(() -> {
            GetResponse rejected =
                    RabbitServer.ask(rabbit.uri(), channel -> channel.basicGet("rung.intake.rejected", true));
            if (rejected != null) {
                reasons.add(String.valueOf(rejected.getProps().getHeaders().get("rung-error")));
            }
            return reasons.size() == 4;
        });
        assertThat(reasons)
                .anyMatch(r -> r.contains("not JSON"))
                .anyMatch(r -> r.contains("routing key"))
                .anyMatch(r -> r.contains("message-id was used for another notification"))
                .anyMatch(r -> r.contains("paylod is not a field") && r.contains("payload is required"));
    }

    @Test
    void theStreamOfOneTellsWhatHappensOnTheOther() throws Exception {
        awaitReady(a);
        awaitReady(b);
        String merchant = a.merchant();
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(a.server.address().resolve("/v1/stream?merchant_id=" + merchant))
                                .header("Authorization", "Bearer " + ServerFixture.OPERATOR_KEY)
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        Set<String> heard = ConcurrentHashMap.newKeySet();
        Thread listening;
        try (InputStream stream = response.body()) {
            listening = Thread.ofVirtual().start(() -> listen(stream, heard));
            await().until(() -> {
                String id = b.send(merchant, "1");
                assertThat(id).isNotEmpty();
                return heard.stream().anyMatch(line -> line.contains("notification.accepted"));
            });
        }
        listening.join();
    }

    /** Collects the events of a stream until it is closed. */
    private static void listen(InputStream stream, Set<String> heard) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    heard.add(line);
                }
            }
        } catch (IOException e) {
            // The test has closed it.
        }
    }

    @Test
    void withoutItsBrokerAServerStillTakesInAndSaysSo() {
        String merchant = a.merchant();
        awaitReady(a);
        rabbit.stop();
        String id;
        try {
            await().until(() ->
                    a.anonymous.get("/ready").expect(200).at("/status").equals("degraded"));
            TestResponse ready = a.anonymous.get("/ready");
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
            await().until(() -> a.anonymous.get("/ready").status() == 503);
            assertThat(a.anonymous.get("/ready").expect(503).text())
                    .contains("database")
                    .doesNotContain("127.0.0.1", "localhost");
            TestResponse refused = a.operator.post("/v1/notifications", body).expectProblem(503);
            assertThat(Integer.parseInt(refused.header("retry-after"))).isPositive();
            a.operator.get("/v1/merchants").expectProblem(503);
            a.anonymous.get("/health").expect(200);
            assertThat(a.anonymous.get("/metrics").expect(200).text())
                    .contains("hikaricp_connections_max{pool=", "hikaricp_connections_acquire_seconds_count{pool=");
        } finally {
            postgres.restart();
        }
        awaitReady(a);
        awaitReady(b);
        String id = a.operator.post("/v1/notifications", body).expect(202).at("/id");
        awaitDelivered(b.operator, id);
    }
}
