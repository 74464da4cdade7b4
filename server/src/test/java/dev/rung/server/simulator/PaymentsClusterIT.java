package dev.rung.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.RungProcess;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.testing.PostgresServer;
import dev.rung.testing.RabbitServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Payments with two server processes on one PostgreSQL and one RabbitMQ. */
class PaymentsClusterIT {
    private static final List<String> WAYS = List.of(
            "\"callback\":\"prompt\"",
            "\"callback\":\"duplicate\"",
            "\"callback\":\"lost\"",
            "\"callback\":\"late\",\"callback_delay\":\"1500ms\"",
            "\"callback\":\"forged\"",
            "\"callback\":\"wrong-amount\"");

    private static PostgresServer postgres;
    private static RabbitServer rabbit;
    private static Map<String, String> cluster;
    private static final TestMerchant shop = new TestMerchant();
    private static Node a;
    private static Node b;

    /** A server that can be killed and restarted on the same port. */
    private static final class Node {
        private final Path folder;
        private RungProcess process;
        private URI address;
        private ApiTestClient operator;
        private PaymentScenario scenario;

        Node(Path parent, String name) throws IOException {
            folder = Files.createDirectory(parent.resolve(name));
            process = serving("0");
        }

        private RungProcess serving(String port) {
            return new RungProcess(folder, cluster, "--port", port, "--allow-targets", "127.0.0.0/8");
        }

        /** Waits until it is ready; uses this merchant or creates one. */
        PaymentScenario ready(String merchant) {
            address = process.ready();
            operator = process.caller(address, ServerFixture.OPERATOR_KEY);
            await().until(() -> operator.get("/ready").status() == 200);
            String id = merchant != null
                    ? merchant
                    : operator.post("/v1/merchants", "{\"name\":\"Tea House\",\"notify_url\":\"" + shop.url() + "\"}")
                            .expect(201)
                            .at("/id");
            scenario = new PaymentScenario(operator, id, shop);
            return scenario;
        }

        void kill() {
            process.close();
        }

        void again() {
            process = serving(Integer.toString(address.getPort()));
            ready(scenario.merchant());
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        postgres = PostgresServer.start();
        rabbit = RabbitServer.start();
        cluster = Map.of(
                "RUNG_DATABASE_URL", postgres.createDatabase(),
                "RUNG_DATABASE_USER", postgres.user(),
                "RUNG_DATABASE_PASSWORD", postgres.password(),
                "RUNG_RABBITMQ_URI", rabbit.uri(),
                "RUNG_MASTER_KEY", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
                "RUNG_API_KEY", ServerFixture.OPERATOR_KEY,
                "RUNG_QUERY_LADDER", "1s");
        a = new Node(folder, "a");
        b = new Node(folder, "b");
        b.ready(a.ready(null).merchant());
    }

    @AfterAll
    static void stop() {
        a.kill();
        b.kill();
        shop.close();
        rabbit.close();
        postgres.close();
    }

    private static String succeeding(String way) {
        return "{\"outcome\":\"succeeds\",\"pay_after\":\"500ms\"," + way + "}";
    }

    private static List<JsonNode> story(Node at, JsonNode payment) {
        return at.operator
                .get("/v1/payments/" + payment.get("id").asString() + "/timeline")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .toList();
    }

    /** One notification reports the result, it arrives, and the timeline has one result. */
    private static void endedOnce(Node at, JsonNode payment, String state) {
        at.scenario.awaitState(payment, state);
        String list = "/v1/notifications?merchant_id=" + at.scenario.merchant() + "&order_no="
                + payment.get("out_trade_no").asString();
        await().untilAsserted(() -> assertThat(at.operator
                        .get(list)
                        .expect(200)
                        .json()
                        .get("data")
                        .valueStream()
                        .map(n -> n.get("event_type").asString() + " "
                                + n.get("state").asString()))
                .containsExactly("payment." + state + " delivered"));
        Set<String> heard = shop.received().stream()
                .filter(r -> r.body().contains(payment.get("id").toString()))
                .map(r -> r.header("webhook-id") + r.body())
                .collect(Collectors.toSet());
        assertThat(heard).hasSize(1);
        assertThat(story(at, payment).stream()
                        .filter(line -> line.path("state").asString("").equals(state)))
                .hasSize(1);
    }

    @Test
    void aCallbackEndsWhatAServerTookDownAndTheOtherShowsIt() {
        JsonNode payment = a.scenario.placed(succeeding(WAYS.getFirst()));
        endedOnce(b, payment, "succeeded");
        // A query may have come first.
        await().untilAsserted(() -> assertThat(story(b, payment))
                .anyMatch(line -> line.path("callback").path("verified").asBoolean(false)));
    }

    private static double rescued() {
        double sum = 0;
        for (Node node : List.of(a, b)) {
            sum += node.operator
                    .get("/metrics")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("rung_payments_rescued_total"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
        return sum;
    }

    @Test
    void aQueryFindsOutWhatNoCallbackTells() {
        double before = rescued();
        JsonNode payment = b.scenario.placed(succeeding("\"callback\":\"lost\""));
        endedOnce(a, payment, "succeeded");
        await().until(() -> rescued() == before + 1);
        assertThat(story(a, payment))
                .noneMatch(line -> line.get("kind").asString().equals("callback"))
                .anyMatch(line -> line.get("kind").asString().equals("query"));
    }

    @Test
    void whoWalksAwayLeavesAnOrderThatIsClosedAtItsExpiry() {
        JsonNode payment = a.scenario.placed("8s", "{\"outcome\":\"never\"}");
        endedOnce(b, payment, "closed");
        a.scenario.press(payment, "pay");
        assertThat(b.scenario.page(payment)).contains("closed without payment");
    }

    @Test
    void whateverBothAreToldAtOnceEveryPaymentEndsOnce() {
        List<JsonNode> payments = new ArrayList<>();
        List<CompletableFuture<?>> asking = new ArrayList<>();
        for (int i = 0; i < 4 * WAYS.size(); i++) {
            JsonNode payment = (i % 2 == 0 ? a : b).scenario.placed(succeeding(WAYS.get(i % WAYS.size())));
            payments.add(payment);
            String path = "/v1/payments/" + payment.get("id").asString();
            for (Node node : List.of(a, b)) {
                asking.add(CompletableFuture.runAsync(
                        () -> node.operator.post(path + "/sync").expect(200)));
            }
        }
        CompletableFuture.allOf(asking.toArray(CompletableFuture[]::new)).join();
        for (JsonNode payment : payments) {
            endedOnce(a, payment, "succeeded");
        }
    }

    private static List<JsonNode> placedEveryWay(Node at) {
        List<JsonNode> payments = new ArrayList<>();
        for (String way : WAYS) {
            payments.add(at.scenario.placed(succeeding(way)));
            payments.add(at.scenario.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"3s\"," + way + "}"));
        }
        payments.add(at.scenario.placed("{\"outcome\":\"fails\",\"pay_after\":\"1s\"}"));
        return payments;
    }

    private static void endedOnceEach(Node at, List<JsonNode> payments) {
        for (JsonNode payment : payments.subList(0, payments.size() - 1)) {
            endedOnce(at, payment, "succeeded");
        }
        endedOnce(at, payments.getLast(), "failed");
    }

    @Test
    void whenOneIsKilledBetweenRequestAndCallbackTheOtherEndsWhatItTookDown() {
        List<JsonNode> payments = placedEveryWay(a);
        a.kill();
        try {
            endedOnceEach(b, payments);
        } finally {
            a.again();
        }
    }

    @Test
    void whenBothAreKilledTheFirstToReturnEndsWhatTheyTookDown() {
        List<JsonNode> payments = placedEveryWay(a);
        payments.addAll(0, placedEveryWay(b).subList(0, 2 * WAYS.size()));
        a.kill();
        b.kill();
        try {
            b.again();
            endedOnceEach(b, payments);
        } finally {
            a.again();
        }
    }
}
