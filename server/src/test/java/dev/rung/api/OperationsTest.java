package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.RawRequest;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class OperationsTest {
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
    void healthReadinessAndTheDocumentNeedNoKey() {
        assertThat(scene.anonymous.get("/health").expect(200).at("/status")).isEqualTo("up");
        assertThat(scene.anonymous.get("/ready").expect(200).at("/status")).isEqualTo("ready");
        JsonNode document = scene.anonymous.get("/openapi.json").expect(200).json();
        assertThat(document.get("openapi").asString()).startsWith("3.1");
        assertThat(document.at("/info/version").asString()).isNotEqualTo("@version@");
    }

    @Test
    void metricsTellWhatHappenedWithoutIds() {
        String merchant = scene.merchant();
        String id = scene.send(merchant, "1");
        await().until(() ->
                scene.operator.get("/v1/notifications/" + id).at("/state").equals("delivered"));
        await().untilAsserted(() -> {
            String metrics = scene.anonymous.get("/metrics").expect(200).text();
            assertThat(metrics)
                    .containsPattern("rung_attempts_total\\{outcome=\"acknowledged\"} [1-9]")
                    .contains("rung_attempts_total{outcome=\"timed_out\"} 0.0")
                    .containsPattern("rung_lateness_seconds_bucket\\{le=\"[0-9.]+\"} [1-9]")
                    .containsPattern("rung_notifications\\{state=\"delivered\"} [1-9]")
                    .contains("rung_backlog 0.0")
                    .contains("rung_store_repeated_total 0.0")
                    .contains("rung_oldest_overdue_seconds")
                    .contains("rung_rearmed_total{cause=\"overdue\"}")
                    .contains("rung_stale_wakes_total")
                    .contains("rung_in_flight")
                    .contains("rung_queue_depth{queue=")
                    .contains("rung_intake_rejected_total{reason=\"overload\"}")
                    .contains("rung_merchants{standing=\"good\"}")
                    .contains("rung_clock_steps_total 0.0")
                    .containsPattern("http_server_requests_seconds_count\\{[^}]*uri=\"/v1/notifications\"")
                    .contains("jvm_memory_used_bytes", "jvm_threads_live_threads", "process_cpu_usage")
                    .containsPattern("tomcat_connections_current_connections [1-9]")
                    .containsPattern("tomcat_connections_config_max_connections [1-9]")
                    .containsPattern("tomcat_threads_busy_threads [1-9]")
                    .doesNotContain(id, merchant);
        });
    }

    @Test
    void headAnswersAsGetWithoutABody() throws Exception {
        HttpResponse<String> head = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(scene.server.address().resolve("/health"))
                                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void whatIsNotHttpIsAnsweredAsAProblemAndNamesNoServer() throws Exception {
        URI address = scene.server.address();
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write("GET /v1/<> HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .containsIgnoringCase("content-type: application/problem+json")
                    .doesNotContainIgnoringCase("tomcat");
        }
    }

    /** What a proxy in front may take for another request, or for two. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // line ends
                "GET /health HTTP/1.1\nHost: a\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\n\n",
                "GET /health HTTP/1.1\nHost: a\n\n",
                "\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nX: b\nY: c\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n",
                // folded lines
                "GET /health HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost:\r\n a\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n 1\r\n\r\nx",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n",
                "GET /health HTTP/1.1\r\n Host: a\r\n\r\n",
                // request lines and names
                "GET  /health HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET\t/health HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /health  HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /health HTTP/1.1 \r\nHost: a\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                // lengths
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\nx",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nx",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\nx",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "GET /health HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                // chunks
                "POST /callbacks/simulator HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
                "POST /callbacks/simulator HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n",
                "POST /callbacks/simulator HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx\r\n0\r\n\r\n",
                "POST /callbacks/simulator HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n",
                "POST /callbacks/simulator HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
                "POST /callbacks/simulator HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000000\r\nx\r\n",
            })
    void aRequestThatCanBeReadInTwoWaysIsRefusedAndEndsTheConnection(String request) {
        String second = "GET /ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        String answer = RawRequest.exchange(scene.server.address(), request + second);
        assertThat(answer).startsWith("HTTP/1.1 ");
        assertThat(Integer.parseInt(answer.substring(9, 12))).as(answer).isIn(400, 408, 413, 501, 505);
        assertThat(answer.indexOf("HTTP/1.1 ", 1)).as(answer).isNegative();
    }

    @Test
    void theFeedShowsAMerchantsNotificationsOldestFirstAndGoesOnWhereItWasLeft() {
        String merchant = scene.merchant();
        String first = scene.send(merchant, "1");
        String second = scene.send(merchant, "2");
        String events = "/v1/events?merchant_id=" + merchant;
        JsonNode page = scene.operator.get(events + "&limit=1").expect(200).json();
        assertThat(page.at("/data/0/id").asString()).isEqualTo(first);
        String cursor = page.get("next_cursor").asString();
        assertThat(page.at("/data/0/cursor").asString()).isEqualTo(cursor);

        JsonNode rest =
                scene.operator.get(events + "&after=" + cursor).expect(200).json();
        assertThat(rest.get("data").valueStream().map(n -> n.get("id").asString()))
                .containsExactly(second);
        String end = rest.get("next_cursor").asString();
        JsonNode nothing =
                scene.operator.get(events + "&after=" + end).expect(200).json();
        assertThat(nothing.get("data").isEmpty()).isTrue();
        assertThat(nothing.get("next_cursor").isNull()).isTrue();

        String third = scene.send(merchant, "3");
        JsonNode later =
                scene.operator.get(events + "&after=" + end).expect(200).json();
        assertThat(later.get("data").valueStream().map(n -> n.get("id").asString()))
                .containsExactly(third);
        scene.operator.get("/v1/events").expectInvalid("merchant_id");
        String ofAnotherStore = Cursors.of(Cursors.Kind.EVENTS, "1-2");
        scene.operator.get(events + "&after=" + ofAnotherStore).expectInvalid("after");
        scene.operator.get("/v1/events?merchant_id=mch_0000000000000").expectProblem(404);
        scene.operator.get("/v1/stream?merchant_id=mch_0000000000000").expectProblem(404);
    }

    @Test
    void theStreamTellsWhatHappensToThoseWhoMaySeeIt() throws Exception {
        String mine = scene.merchant();
        String other = scene.merchant();
        String key = scene.operator
                .post("/v1/merchants/" + mine + "/keys")
                .expect(201)
                .at("/key");
        try (InputStream all = stream(ServerFixture.OPERATOR_KEY);
                InputStream own = stream(key)) {
            String otherId = scene.send(other, "1");
            String myId = scene.send(mine, "2");
            List<JsonNode> seen = read(all, myId, "notification.attempted");
            assertThat(seen.stream().map(e -> e.get("notification_id").asString()))
                    .contains(otherId, myId);
            JsonNode attempted = seen.getLast();
            assertThat(attempted.at("/state").asString()).isEqualTo("delivered");
            assertThat(attempted.at("/attempt/outcome").asString()).isEqualTo("acknowledged");
            assertThat(read(own, myId, "notification.attempted").stream()
                            .map(e -> e.get("merchant_id").asString()))
                    .containsOnly(mine);
        }
    }

    @Test
    void theStreamTellsOfPaymentsToo() throws Exception {
        String merchant = scene.merchant();
        try (InputStream stream = stream(ServerFixture.OPERATOR_KEY)) {
            String id = scene.operator
                    .post(
                            "/v1/payments",
                            "{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"S1\",\"channel\":\"simulator\","
                                    + "\"amount\":{\"value\":1230,\"currency\":\"CNY\"},\"subject\":\"two teas\","
                                    + "\"channel_options\":{\"outcome\":\"succeeds\",\"pay_after\":\"10ms\"}}")
                    .expect(201)
                    .at("/id");
            assertThat(read(stream, id, "payment.succeeded").stream()
                            .filter(e -> isAbout(e, id))
                            .map(e -> e.get("state").asString()))
                    .contains(
                            "created",
                            "succeeded"); // its callback may arrive before the event that the payment can be paid
        }
    }

    private static boolean isAbout(JsonNode event, String id) {
        return event.path("notification_id").asString("").equals(id)
                || event.path("payment_id").asString("").equals(id);
    }

    private static InputStream stream(String key) throws Exception {
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(scene.server.address().resolve("/v1/stream"))
                                .header("Authorization", "Bearer " + key)
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        return response.body();
    }

    /** Reads until this event of this notification or payment has come. */
    private static List<JsonNode> read(InputStream in, String id, String type) throws Exception {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        List<JsonNode> seen = new ArrayList<>();
        while (true) {
            String line = reader.readLine();
            if (line == null) {
                throw new AssertionError("the stream ended; seen: " + seen);
            }
            if (line.startsWith("data: ")) {
                JsonNode event = new ObjectMapper().readTree(line.substring(6));
                seen.add(event);
                if (isAbout(event, id) && event.get("type").asString().equals(type)) {
                    return seen;
                }
            }
        }
    }

    @Test
    void aBodyThatSaysNothingOrFormOfItselfIsReadAsJson() {
        byte[] body = "{\"name\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        String form = "application/x-www-form-urlencoded";
        scene.operator
                .send("POST", "/v1/merchants", body, Map.of("Content-Type", form))
                .expect(201);
        scene.operator
                .send("POST", "/v1/merchants", body, Map.of("Content-Type", "application/json; charset=UTF-8"))
                .expect(201);
        for (String type : new String[] {"text/plain", "application/json; charset=gbk", "multipart/form-data"}) {
            scene.operator
                    .send("POST", "/v1/merchants", body, Map.of("Content-Type", type))
                    .expectProblem(415);
        }
        TestResponse encoded = scene.operator.send("POST", "/v1/merchants", body, Map.of("Content-Encoding", "gzip"));
        encoded.expectProblem(415);
    }

    @Test
    void withoutAReceiverOfAlertsATestIsAConflict() {
        assertThat(scene.operator.post("/v1/alerts/test", "{}").expect(409).at("/code"))
                .isEqualTo("alerts_off");
    }
}
