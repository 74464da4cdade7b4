package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rung.core.port.MachineLag;
import dev.rung.server.fixture.ServerFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** A merchant that takes so many requests a second and answers 429 beyond loses nothing, and is not overrun. */
@Execution(ExecutionMode.CONCURRENT)
class ThrottledMerchantTest {
    private static final int PER_SECOND = 20;
    private static final int BURST = 1_000;
    private static final int SAMPLED = 50;

    /** Requests are spaced so that they may arrive late by 50 ms; on their way three threads may each be late. */
    private static final int STALL_MILLIS = 50 / 3;

    private static ServerFixture scene;
    private final MachineLag stalls = MachineLag.watch();
    private final LimitedMerchant shop = new LimitedMerchant();

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        scene = new ServerFixture(dataDir);
        scene.settled(scene.send(scene.merchant(), "1")); // the first request takes longer than others
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @AfterEach
    void closeShop() {
        shop.close();
        stalls.close();
    }

    @Test
    void everyNotificationIsDeliveredAtThePaceThatTheMerchantAccepts() {
        String merchant = merchant("");
        Instant began = Instant.now();
        send(merchant);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(standing(merchant)).isEqualTo("throttled"));
        String other = scene.merchant();
        String undisturbed = scene.send(other, "1");
        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(state(undisturbed)).isEqualTo("delivered"));

        awaitDelivered(merchant, Duration.ofSeconds(75).minus(Duration.between(began, Instant.now())));

        assertThat(shop.refused()).as("of %s accepted", BURST).isLessThanOrEqualTo((BURST + shop.refused()) / 5);
        JsonNode throttled = scene.operator
                .get("/v1/notifications?limit=1000&merchant_id=" + merchant)
                .json()
                .get("data");
        List<String> ids = new ArrayList<>();
        for (JsonNode each : throttled) {
            assertThat(each.get("attempts_made").asInt()).isEqualTo(1);
            if (each.get("throttled_count").asInt() > 0) {
                ids.add(each.get("id").asString());
            }
        }
        assertThat(ids).isNotEmpty();
        JsonNode attempts =
                scene.operator.get("/v1/notifications/" + ids.getFirst()).json().get("attempts");
        assertThat(attempts.get(0).get("outcome").asString()).isEqualTo("throttled");
        assertThat(attempts.get(0).get("number").asInt()).isEqualTo(1);
        assertThat(attempts.get(attempts.size() - 1).get("number").asInt()).isEqualTo(1);
    }

    @Test
    void aRateIsNeverExceeded() {
        shop.warmUp();
        String merchant = merchant(",\"rate\":20");
        Instant began = Instant.now();
        send(merchant);
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            JsonNode health =
                    scene.operator.get("/v1/merchants/" + merchant).json().get("health");
            assertThat(health.get("waiting").asInt()).as("parked ones count").isGreaterThan(500);
        });
        awaitDelivered(merchant, Duration.ofSeconds(75).minus(Duration.between(began, Instant.now())));
        assertThat(shop.refused())
                .as("requests that were started in time may arrive bunched if the machine stalls")
                .isLessThanOrEqualTo(stalls.worst() < STALL_MILLIS ? 0 : 3);
        List<JsonNode> sampled =
                sampled(merchant).stream().map(ThrottledMerchantTest::attempt).toList();
        assertThat(sampled)
                .anySatisfy(each -> assertThat(each.get("held_ms").asInt()).isGreaterThan(30_000));
        int late = (int) stalls.forgive(Duration.ofSeconds(1)).toMillis();
        assertThat(sampled)
                .allSatisfy(each -> assertThat(each.get("late_ms").asInt()).isLessThan(late));
        assertThat(sampled.stream().map(each -> each.path("held_by").asString()).filter("rate"::equals))
                .as("the last to hold them; on a busy machine it may be the bulkhead")
                .hasSizeGreaterThan(BURST / SAMPLED / 2);
    }

    /** The ids of every fiftieth of a merchant's notifications. */
    private static List<String> sampled(String merchant) {
        JsonNode all = scene.operator
                .get("/v1/notifications?limit=1000&merchant_id=" + merchant)
                .json()
                .get("data");
        return IntStream.range(0, BURST / SAMPLED)
                .mapToObj(i -> all.get(i * SAMPLED).get("id").asString())
                .toList();
    }

    private static JsonNode attempt(String id) {
        return scene.operator
                .get("/v1/notifications/" + id)
                .json()
                .get("attempts")
                .get(0);
    }

    @Test
    void aUsersResendGoesAtOnceAndNothingElseUntilTheTimeIsOver() {
        shop.limit(0, "3");
        String merchant = merchant("");
        String first = scene.send(merchant, "1");
        await().untilAsserted(() -> assertThat(shop.refused()).isEqualTo(1));
        scene.send(merchant, "2");
        shop.limit(PER_SECOND, "3");

        scene.operator.post("/v1/notifications/" + first + "/resend").expect(202);

        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(state(first)).isEqualTo("delivered"));
        assertThat(shop.accepted()).isEqualTo(1);
        scene.operator.post("/v1/merchants/" + merchant + "/test").expect(202);
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(shop.accepted()).isEqualTo(2));
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(shop.accepted()).isEqualTo(3));
    }

    private String merchant(String more) {
        return scene.operator
                .post(
                        "/v1/merchants",
                        "{\"name\":\"limited\",\"notify_url\":\"" + shop.url() + "\",\"ladder\":[\"1s\",\"2s\"]" + more
                                + "}")
                .expect(201)
                .at("/id");
    }

    private void send(String merchant) {
        String items = IntStream.range(0, BURST)
                .mapToObj(i -> "{\"merchant_id\":\"" + merchant + "\",\"payload\":" + i + "}")
                .collect(Collectors.joining(","));
        scene.operator
                .post("/v1/notifications/batch", "{\"notifications\":[" + items + "]}")
                .expect(200);
    }

    private String standing(String merchant) {
        return scene.operator.get("/v1/merchants/" + merchant).at("/health/standing");
    }

    private String state(String notification) {
        return scene.operator.get("/v1/notifications/" + notification).at("/state");
    }

    private void awaitDelivered(String merchant, Duration atMost) {
        await().atMost(atMost).pollInterval(Duration.ofMillis(200)).until(() -> shop.accepted() >= BURST);
        assertThat(scene.operator
                        .get("/v1/notifications?state=exhausted&merchant_id=" + merchant)
                        .json()
                        .get("data"))
                .isEmpty();
    }

    /** Accepts so many requests in any one second, and asks to wait beyond. */
    private static final class LimitedMerchant implements AutoCloseable {
        private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

        private final HttpServer server;
        private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        private final ArrayDeque<Long> window = new ArrayDeque<>();
        private int perSecond = PER_SECOND;
        private String retryAfter = "1";
        private int accepted;
        private int refused;

        LimitedMerchant() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            server.setExecutor(executor);
            server.createContext("/", this::handle);
            server.start();
        }

        private void handle(HttpExchange exchange) throws IOException {
            exchange.getRequestBody().readAllBytes();
            boolean takes = takes(exchange.getRequestHeaders().getFirst("webhook-id"));
            if (!takes) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
            }
            exchange.sendResponseHeaders(takes ? 200 : 429, -1);
            exchange.close();
        }

        /** A request that is not a notification. */
        void warmUp() {
            try (HttpClient client = HttpClient.newHttpClient()) {
                client.send(HttpRequest.newBuilder(URI.create(url())).build(), HttpResponse.BodyHandlers.discarding());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private synchronized boolean takes(@Nullable String id) {
            if (id == null) {
                return true;
            }
            long now = System.nanoTime();
            while (!window.isEmpty() && now - window.getFirst() > SECOND_NANOS) {
                window.removeFirst();
            }
            if (window.size() >= perSecond) {
                refused++;
                return false;
            }
            window.add(now);
            accepted++;
            return true;
        }

        synchronized void limit(int newPerSecond, String newRetryAfter) {
            perSecond = newPerSecond;
            retryAfter = newRetryAfter;
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        }

        synchronized int accepted() {
            return accepted;
        }

        synchronized int refused() {
            return refused;
        }

        @Override
        public void close() {
            server.stop(0);
            executor.close();
        }
    }
}
