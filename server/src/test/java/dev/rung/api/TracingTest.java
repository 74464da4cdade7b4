package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rung.core.model.TraceParent;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the {@code traceparent} of a request is seen again. */
class TracingTest {
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE_ID + "-00f067aa0ba902b7-01";
    private static final String PASSED_ON = ",\"trace_context\":true,\"ladder\":[\"1s\",\"1s\"]";

    @TempDir
    private Path dataDir;

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private HttpServer collector;

    @BeforeEach
    void startCollector() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", this::collect);
        collector.start();
    }

    @AfterEach
    void stopCollector() {
        collector.stop(0);
    }

    private void collect(HttpExchange exchange) throws IOException {
        boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream in = gzip ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
            ExportTraceServiceRequest.parseFrom(in)
                    .getResourceSpansList()
                    .forEach(resource ->
                            resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private ServerFixture traced() {
        return new ServerFixture(
                dataDir,
                Map.of(
                        Setting.OTLP_ENDPOINT,
                        "http://127.0.0.1:" + collector.getAddress().getPort()));
    }

    private static TestResponse send(ServerFixture scene, String merchant, String traceparent) {
        return scene.operator
                .send(
                        "POST",
                        "/v1/notifications",
                        ("{\"merchant_id\":\"" + merchant + "\",\"payload\":1}").getBytes(StandardCharsets.UTF_8),
                        Map.of("traceparent", traceparent))
                .expect(202);
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private List<Span> named(String name) {
        return spans.stream()
                .filter(span ->
                        span.getName().equals(name) && hex(span.getTraceId()).equals(TRACE_ID))
                .toList();
    }

    @Test
    void theSpansOfARequestItsStorageAndEveryAttemptAreInItsTrace() {
        try (ServerFixture scene = traced()) {
            String merchant = scene.merchant(PASSED_ON);
            scene.shop.answer(500);
            String id = send(scene, merchant, PARENT).at("/id");
            await().until(() -> !scene.shop.received().isEmpty());
            scene.shop.answer(200);
            scene.settled(id);
            await().until(() -> named("attempt").size() == 2 && named("store").size() == 1);

            Span request = named("POST /v1/notifications").getFirst();
            assertThat(hex(request.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
            assertThat(named("store").getFirst().getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(named("attempt"))
                    .allSatisfy(attempt -> assertThat(attempt.getParentSpanId()).isEqualTo(request.getSpanId()));
            assertThat(scene.shop.received().stream()
                            .map(received -> TraceParent.parse(received.header("traceparent"))
                                    .spanId()))
                    .containsExactlyInAnyOrderElementsOf(named("attempt").stream()
                            .map(attempt -> hex(attempt.getSpanId()))
                            .toList());
        }
    }

    @Test
    void thePaymentsCallsItsCallbackItsResultAndItsRefundAreInItsTrace() {
        try (ServerFixture scene = traced()) {
            String merchant = scene.merchant(PASSED_ON);
            String body = "{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"S1\",\"channel\":\"simulator\","
                    + "\"amount\":{\"value\":1230,\"currency\":\"CNY\"},\"subject\":\"two teas\","
                    + "\"channel_options\":{\"outcome\":\"succeeds\",\"pay_after\":\"10ms\"}}";
            String payment = scene.operator
                    .send("POST", "/v1/payments", body.getBytes(StandardCharsets.UTF_8), Map.of("traceparent", PARENT))
                    .expect(201)
                    .at("/id");
            await().until(() -> !scene.shop.received().isEmpty());
            assertThat(TraceParent.parse(scene.shop.received().getFirst().header("traceparent"))
                            .traceId())
                    .isEqualTo(TRACE_ID);
            List<String> children = List.of("channel place", "callback", "attempt");
            await().until(() -> !named("POST /v1/payments").isEmpty()
                    && children.stream().noneMatch(name -> named(name).isEmpty()));
            Span request = named("POST /v1/payments").getFirst();
            assertThat(children)
                    .allSatisfy(name ->
                            assertThat(named(name).getFirst().getParentSpanId()).isEqualTo(request.getSpanId()));

            scene.operator
                    .post(
                            "/v1/payments/" + payment + "/refunds",
                            "{\"out_refund_no\":\"R1\",\"amount\":{\"value\":100,\"currency\":\"CNY\"}}")
                    .expect(201);
            await().until(() -> scene.shop.received().size() > 1);
            assertThat(TraceParent.parse(scene.shop.received().get(1).header("traceparent"))
                            .traceId())
                    .isEqualTo(TRACE_ID);
        }
    }

    @Test
    void whatHasNoTraceBeginsOne() {
        try (ServerFixture scene = traced()) {
            scene.settled(scene.send(scene.merchant(PASSED_ON), "1"));
            String flags = TraceParent.parse(scene.shop.received().getFirst().header("traceparent"))
                    .flags();
            assertThat(Integer.parseInt(flags, 16) & 1).isEqualTo(1);
        }
    }

    @Test
    void withoutACollectorTheTraceIsPassedOnAfterARestart() {
        String id;
        String merchant;
        try (ServerFixture scene = new ServerFixture(dataDir)) {
            merchant = scene.merchant(PASSED_ON);
            scene.operator.post("/v1/merchants/" + merchant + "/pause").expect(200);
            id = send(scene, merchant, PARENT).at("/id");
        }
        try (ServerFixture scene = new ServerFixture(dataDir)) {
            scene.operator
                    .patch("/v1/merchants/" + merchant, "{\"notify_url\":\"" + scene.shop.url() + "\"}")
                    .expect(200);
            scene.operator.post("/v1/merchants/" + merchant + "/resume").expect(200);
            scene.settled(id);
            assertThat(scene.shop.received().getFirst().header("traceparent")).isEqualTo(PARENT);
        }
        assertThat(spans).isEmpty();
    }

    @Test
    void aMerchantWithoutTheSettingAndARequestWithoutAValidTraceHaveNone() {
        try (ServerFixture scene = new ServerFixture(dataDir)) {
            scene.settled(send(scene, scene.merchant(), PARENT).at("/id"));
            scene.settled(send(scene, scene.merchant(PASSED_ON), "00-x").at("/id"));
            assertThat(scene.shop.received())
                    .hasSize(2)
                    .allSatisfy(received ->
                            assertThat(received.header("traceparent")).isNull());
        }
    }

    @Test
    void everyItemOfABatchIsInItsTrace() {
        try (ServerFixture scene = new ServerFixture(dataDir)) {
            String item = "{\"merchant_id\":\"" + scene.merchant(PASSED_ON) + "\",\"payload\":1}";
            scene.operator
                    .send(
                            "POST",
                            "/v1/notifications/batch",
                            ("{\"notifications\":[" + item + "," + item + "]}").getBytes(StandardCharsets.UTF_8),
                            Map.of("traceparent", PARENT))
                    .expect(200);
            await().until(() -> scene.shop.received().size() == 2);
            assertThat(scene.shop.received())
                    .allSatisfy(received ->
                            assertThat(received.header("traceparent")).isEqualTo(PARENT));
        }
    }
}
