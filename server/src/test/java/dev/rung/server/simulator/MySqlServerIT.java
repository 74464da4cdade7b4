package dev.rung.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.console.ConsoleHttpClient;
import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.Setting;
import dev.rung.testing.MariaDbServer;
import dev.rung.testing.RabbitServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two servers on one MariaDB and one RabbitMQ, and one server with its own queue. */
class MySqlServerIT {
    private static MariaDbServer mariadb;
    private static RabbitServer rabbit;
    private static ServerFixture a;
    private static ServerFixture b;
    private static ServerFixture alone;

    @BeforeAll
    static void start(@TempDir Path folder) {
        mariadb = MariaDbServer.start();
        rabbit = RabbitServer.start();
        String url = mariadb.createDatabase();
        a = server(folder.resolve("a"), Map.of(Setting.DATABASE_URL, url, Setting.RABBITMQ_URI, rabbit.uri()));
        b = server(
                folder.resolve("b"),
                Map.of(Setting.DATABASE_URL, mysqlScheme(url), Setting.RABBITMQ_URI, rabbit.uri()));
        alone = server(folder.resolve("alone"), Map.of(Setting.DATABASE_URL, mysqlScheme(mariadb.createDatabase())));
    }

    private static ServerFixture server(Path folder, Map<Setting, String> settings) {
        Map<Setting, String> all = new HashMap<>(settings);
        all.put(Setting.DATABASE_USER, mariadb.user());
        all.put(Setting.MASTER_KEY, "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=");
        all.put(Setting.QUERY_LADDER, "1s");
        return new ServerFixture(folder, all);
    }

    private static String mysqlScheme(String url) {
        return url.replace("jdbc:mariadb:", "jdbc:mysql:");
    }

    @AfterAll
    static void stop() {
        a.close();
        b.close();
        alone.close();
        rabbit.close();
        mariadb.close();
    }

    @Test
    void whatOneServerAcceptsTheOtherShowsAndTheMerchantReceivesOnce() {
        String merchant = a.merchant();
        String id = b.send(merchant, "{\"tea\":\"green\"}");

        awaitDelivered(a.operator, id);

        assertThat(a.shop.received())
                .filteredOn(r -> r.header("webhook-id").equals(id))
                .hasSize(1);
        assertThat(listed(b.operator, "/v1/notifications?merchant_id=" + merchant + "&state=delivered"))
                .containsExactly(id);
        assertThat(listed(a.operator, "/v1/events?merchant_id=" + merchant)).isNotEmpty();
        try (ConsoleHttpClient person = new ConsoleHttpClient(a.server.address()).signIn(ServerFixture.OPERATOR_KEY)) {
            assertThat(person.get("/notifications?state=delivered&merchant=" + merchant)
                            .body())
                    .contains(id);
        }
    }

    @Test
    void aPaymentAndItsRefundEndWithOneNotificationEach() {
        ends(a, b.operator);
    }

    @Test
    void oneServerNeedsNoBroker() {
        String merchant = alone.merchant();
        awaitDelivered(alone.operator, alone.send(merchant, "1"));
        ends(alone, alone.operator);
    }

    @Test
    void whatWasAcceptedIsDeliveredThoughTheDatabaseIsKilled() {
        String merchant = a.merchant();
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            accepted.add(a.send(merchant, Integer.toString(i)));
        }
        mariadb.kill9();
        String more = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        assertThat(a.operator.post("/v1/notifications", more).status()).isEqualTo(503);
        mariadb.restart();
        await().until(() -> a.operator.post("/v1/notifications", more).status() == 202);
        accepted.forEach(id -> awaitDelivered(b.operator, id));
    }

    private static void awaitDelivered(ApiTestClient caller, String id) {
        await().until(() -> caller.get("/v1/notifications/" + id)
                .json()
                .path("state")
                .asString("")
                .equals("delivered"));
    }

    private static List<String> listed(ApiTestClient caller, String path) {
        return caller.get(path)
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .map(n -> n.path("id").asString(""))
                .toList();
    }

    /** A payment at one server, its refund at the other. */
    private static void ends(ServerFixture one, ApiTestClient other) {
        PaymentScenario scenario = new PaymentScenario(one.operator, one.merchant(), one.shop);
        JsonNode payment = scenario.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"refund_after\":\"0s\"}");
        scenario.awaitState(payment, "succeeded");
        String path = "/v1/payments/" + payment.get("id").asString();

        String refund = other.post(
                        path + "/refunds",
                        "{\"out_refund_no\":\"R1\",\"amount\":{\"value\":230,\"currency\":\"CNY\"},\"reason\":\"cold\"}")
                .expect(201)
                .at("/id");

        await().until(() ->
                one.operator.get("/v1/refunds/" + refund).at("/state").equals("succeeded"));
        await().until(() -> scenario.told(payment).size() == 2);
        assertThat(other.get(path).at("/refunded/value")).isEqualTo("230");
        assertThat(listed(other, "/v1/payments?merchant_id=" + scenario.merchant() + "&state=succeeded"))
                .containsExactly(payment.get("id").asString());
    }
}
