package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.model.NotificationId;
import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Compensating queries are deliveries like notifications, and are shown, listed and counted nowhere among them. */
class ChannelQueriesTest {
    private static final List<String> STATES = List.of("waiting", "delivered", "exhausted", "cancelled");

    private static ServerFixture scene;
    private static String merchant;
    /** One that is queried again and again, and one whose query was cancelled because it is over. */
    private static String open;

    private static String over;
    private static List<String> queries;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws SQLException {
        scene = new ServerFixture(dataDir, Map.of(Setting.QUERY_LADDER, "1s"));
        merchant = scene.merchant();
        open = payment("T1", "\"outcome\":\"never\"");
        over = payment("T2", "\"outcome\":\"succeeds\",\"pay_after\":\"1ms\"");
        await().until(() -> queriesOf(open) > 0
                && scene.operator.get("/v1/payments/" + over).at("/state").equals("succeeded"));
        queries = List.of(queryId("T1"), queryId("T2"));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static String payment(String number, String options) {
        return scene.operator
                .post("/v1/payments", """
                        {"merchant_id":"%s","out_trade_no":"%s","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
                         "channel":"simulator","channel_options":{%s}}""".formatted(merchant, number, options))
                .expect(201)
                .at("/id");
    }

    private static long queriesOf(String payment) {
        return scene.operator
                .get("/v1/payments/" + payment + "/timeline")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .filter(line -> line.get("kind").asString().equals("query"))
                .count();
    }

    /** The API never tells it. */
    private static String queryId(String number) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + scene.dataDir().resolve("rung.db"));
                PreparedStatement select =
                        connection.prepareStatement("SELECT query_id FROM payment WHERE out_trade_no = ?")) {
            select.setString(1, number);
            try (ResultSet row = select.executeQuery()) {
                assertThat(row.next()).isTrue();
                return new NotificationId(row.getLong(1)).toString();
            }
        }
    }

    @Test
    void byItsIdThereIsNoSuchNotification() {
        for (String query : queries) {
            for (ApiTestClient caller : List.of(scene.operator, scene.viewer)) {
                caller.get("/v1/notifications/" + query).expectProblem(404);
                caller.get("/v1/notifications/" + query + "/payload").expectProblem(404);
            }
            scene.operator.post("/v1/notifications/" + query + "/resend").expectProblem(404);
            scene.operator.post("/v1/notifications/" + query + "/cancel").expectProblem(404);
        }
        assertThat(scene.operator.get("/v1/payments/" + open).at("/state")).isEqualTo("paying");
    }

    private static Stream<JsonNode> listed(String filter) {
        TestResponse page =
                scene.operator.get("/v1/notifications?limit=1000" + filter).expect(200);
        assertThat(page.json().get("next_cursor").isNull()).isTrue();
        return page.json().get("data").valueStream();
    }

    @Test
    void noListHasIt() {
        assertThat(listed(""))
                .isNotEmpty()
                .noneMatch(each -> queries.contains(each.get("id").asString()));
        for (String state : STATES) {
            assertThat(listed("&state=" + state))
                    .noneMatch(each -> queries.contains(each.get("id").asString()));
            assertThat(listed("&state=" + state + "&merchant_id=" + merchant))
                    .noneMatch(each -> queries.contains(each.get("id").asString()));
        }
        for (String filter : List.of("&order_no=" + open, "&order_no=" + over, "&event_type=payment.query")) {
            assertThat(listed(filter)).as(filter).isEmpty();
        }
    }

    @Test
    void noFeedHasIt() {
        assertThat(scene.operator
                        .get("/v1/events?merchant_id=" + merchant)
                        .expect(200)
                        .json()
                        .get("data")
                        .valueStream())
                .isNotEmpty()
                .noneMatch(each -> queries.contains(each.get("id").asString()));
    }

    @Test
    void aBulkResendSendsNone() {
        for (String state : STATES) {
            for (String which : List.of(
                    "\"order_no\":\"" + open + "\"",
                    "\"order_no\":\"" + over + "\"",
                    "\"event_type\":\"payment.query\"")) {
                TestResponse resent = scene.operator
                        .post("/v1/notifications/resend", "{\"state\":\"" + state + "\"," + which + "}")
                        .expect(200);
                assertThat(resent.json().get("matched").asInt()).isZero();
                assertThat(resent.json().get("resent").asInt()).isZero();
            }
        }
    }

    /** Everything that counts notifications or their attempts. */
    private static List<String> counted() {
        return scene.anonymous
                .get("/metrics")
                .text()
                .lines()
                .filter(
                        line -> line.matches(
                                "rung_(accepted|attempt|lateness|superseded|resent|cancelled|parked|notifications|backlog|waiting|merchants).*"))
                .toList();
    }

    @Test
    void noCountChangesWhileItIsMadeAgainAndAgain() {
        // What another test sent may still be counted meanwhile, but not time and again.
        await().untilAsserted(() -> {
            long queried = queriesOf(open);
            List<String> before = counted();
            assertThat(before).hasSizeGreaterThan(3).contains("rung_backlog 0.0");
            await().until(() -> queriesOf(open) >= queried + 2);
            assertThat(counted()).isEqualTo(before);
        });
        assertThat(scene.anonymous.get("/metrics").text()).doesNotContain("payment.query");
    }

    private static void listen(InputStream stream, Queue<String> heard) {
        try {
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .forEach(heard::add);
        } catch (UncheckedIOException e) {
            return; // it was closed
        }
    }

    @Test
    void theStreamDoesNotTellOfIt() throws Exception {
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(scene.server.address().resolve("/v1/stream"))
                                .header("Authorization", "Bearer " + ServerFixture.OPERATOR_KEY)
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        try (InputStream stream = response.body()) {
            Thread.ofVirtual().start(() -> listen(stream, heard));
            long queried = queriesOf(open);
            await().until(() -> queriesOf(open) >= queried + 2);
            String last = scene.send(merchant, "1");
            await().until(() -> heard.stream().anyMatch(line -> line.contains(last)));
        }
        assertThat(heard)
                .allMatch(line -> line.contains(merchant))
                .noneMatch(line -> queries.stream().anyMatch(line::contains));
    }
}
