package dev.rung.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.OpenApi;
import dev.rung.server.fixture.RungProcess;
import dev.rung.server.http.HostileClients.Behavior;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

/** Clients that keep a server with a heap of 512 MiB waiting, or give it work: it lives on, and answers others. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
class HostileClientsIT {
    private static final String KEY = "operator-key-of-the-hostile-clients-tests";
    private static final Duration DRIBBLE = Duration.ofSeconds(4);
    private static final Duration ATTACK = Duration.ofSeconds(5);
    private static final Duration FLOOD = Duration.ofMillis(1_500);
    private static final int FLOODING = 64;
    /**
     * While clients flood the server from its own machine, of whose cores they take more than half. Far above what is measured; a muted server
     * took minutes.
     */
    private static final long FLOODED_MAX = 3_000;
    /** Other work of the machine delays some rounds, what an attack does to the server delays all of them. */
    private static final int ROUNDS = 4;

    private static final int BODY_BYTES = 8 << 20;

    @TempDir
    private static Path folder;

    private static RungProcess server;
    /** Another one, which is not attacked. */
    private static RungProcess calm;

    private static URI address;
    /** Twice the p99 without an attack, and 50 ms, in milliseconds. */
    private static long limit;

    private static CompletableFuture<Duration> headLifetime;
    private static CompletableFuture<Duration> bodyLifetime;
    private static String merchantKey;
    private static String payment;

    @BeforeAll
    static void start() {
        server = started("attacked");
        calm = started("calm");
        address = server.ready();
        URI other = calm.ready();
        // These take as long as the deadline; they run beside the attacks.
        headLifetime = CompletableFuture.supplyAsync(() -> lifetime(other, "GET /health HTTP/1.1\r\nX: "));
        bodyLifetime = CompletableFuture.supplyAsync(
                () -> lifetime(other, "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 65000\r\n\r\nkey="));
        createPayment();
        for (int i = 0; i < 200; i++) {
            answerTo("/health");
            answerTo("/v1/merchants");
        }
        limit = 2 * p99("calm", answers(Duration.ofSeconds(2))) + 50;
    }

    private static RungProcess started(String name) {
        return new RungProcess(
                folder,
                Map.of("JDK_JAVA_OPTIONS", "-Xmx512m"),
                "--data-dir",
                folder.resolve(name).toString(),
                "--api-key",
                KEY);
    }

    private static void createPayment() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            OpenApi any = new OpenApi(new ObjectMapper().readTree("{\"paths\":{}}"));
            ApiTestClient operator = new ApiTestClient(http, address, KEY, any);
            String merchant = operator.post("/v1/merchants", "{\"name\":\"Tea House\"}")
                    .expect(201)
                    .at("/id");
            merchantKey = operator.post("/v1/merchants/" + merchant + "/keys")
                    .expect(201)
                    .at("/key");
            payment = operator.post(
                            "/v1/payments",
                            "{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"H1\",\"channel\":\"simulator\","
                                    + "\"amount\":{\"value\":1,\"currency\":\"CNY\"},\"subject\":\"tea\"}")
                    .expect(201)
                    .at("/id");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
        calm.close();
    }

    @Test
    void slowHeadsEndNothing() {
        attack(9_800, dribbling("POST /sign-in HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(7_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sign-in", "/banks/simulator/pay/1", "/callbacks/simulator"})
    void slowBodiesEndNothing(String path) {
        attack(
                6_000,
                dribbling("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + "Content-Length: 65000\r\n\r\n" + "y".repeat(60_000)));
    }

    @Test
    void connectionsThatDribbleDoNotDelayOthers() {
        attack(10_000, dribbling("G"));
    }

    @Test
    void clientsThatReadNoResponseDoNotDelayOthers() {
        attack(
                3_000,
                HostileClients.sendingAhead("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
                        .repeat(50)
                        .getBytes(StandardCharsets.US_ASCII)));
    }

    private static Stream<String> floods() {
        return Stream.of(
                request("POST", "/callbacks/simulator", "", "application/json", "{\"a\":\"" + "y".repeat(60_000)),
                request("POST", "/sign-in", "", "application/x-www-form-urlencoded", "key=wrong"),
                request("GET", "/v1/stream", merchantKey, "", ""),
                request("POST", "/v1/payments/" + payment + "/sync", merchantKey, "application/json", ""),
                request(
                        "POST",
                        "/v1/notifications/resend",
                        merchantKey,
                        "application/json",
                        "{\"state\":\"exhausted\",\"dry_run\":true}"),
                request("GET", "/v1/merchants", "wrong", "", ""));
    }

    @ParameterizedTest
    @MethodSource("floods")
    void floodsDoNotDelayOthers(String request) {
        flood(FLOODING, List.of(request));
    }

    /** With the key of a merchant, and without one. */
    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "\"", "\"\\u0041", "[1,", "{\"x\":[{},"})
    void bodiesOfEightMegabytesDoNotDelayOthers(String shape) {
        String body = shape.repeat(BODY_BYTES / shape.length());
        flood(
                8,
                Stream.of(
                                "/v1/notifications",
                                "/v1/notifications/batch",
                                "/v1/notifications/resend",
                                "/v1/payments",
                                "/v1/merchants",
                                "/callbacks/simulator",
                                "/sign-in")
                        .map(path -> request("POST", path, merchantKey, "application/json", body))
                        .toList());
    }

    private static String request(String method, String path, String key, String type, String body) {
        return method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                + (key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n")
                + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n")
                + "\r\n" + body;
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aHeadHasADeadlineThoughBytesArrive() {
        assertThat(headLifetime.join()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aBodyHasADeadlineThoughBytesArrive() {
        assertThat(bodyLifetime.join()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    /** How long the server waits for a client that sends a byte a second. */
    private static Duration lifetime(URI of, String first) {
        long began = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), of.getPort())) {
            socket.getOutputStream().write(first.getBytes(StandardCharsets.US_ASCII));
            await().pollInterval(Duration.ofSeconds(1))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> {
                        try {
                            socket.getOutputStream().write('y');
                            return false;
                        } catch (IOException e) {
                            return true;
                        }
                    });
        } catch (IOException e) {
            throw new AssertionError(calm.errors(), e);
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static Behavior dribbling(String first) {
        return HostileClients.dribbling(first.getBytes(StandardCharsets.US_ASCII), (byte) 'y', DRIBBLE);
    }

    private static void attack(int connections, Behavior behavior) {
        attack(connections, connections / 2, behavior, ATTACK, limit);
    }

    /** Each client sends each of the requests in turn, and reads the responses. */
    private static void flood(int clients, List<String> requests) {
        byte[][] bytes = requests.stream()
                .map(request -> request.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
        attack(clients, clients, HostileClients.sending(bytes), FLOOD, FLOODED_MAX);
    }

    private static void attack(int connections, int connected, Behavior behavior, Duration during, long atMost) {
        try (HostileClients clients = new HostileClients(address, connections, behavior)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> clients.connected() >= connected);
            long best = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS && best > atMost; round++) {
                best = Math.min(best, p99(connections + " clients", answers(during)));
            }
            assertThat(best).isLessThanOrEqualTo(atMost);
        }
        answerTo("/health");
        assertThat(server.errors()).doesNotContain("OutOfMemoryError");
    }

    /** Times of answers in milliseconds, sorted. */
    private static long[] answers(Duration during) {
        long[] times = new long[100_000];
        int n = 0;
        long end = System.nanoTime() + during.toNanos();
        while (System.nanoTime() < end) {
            times[n++] = answerTo("/health");
            times[n++] = answerTo("/v1/merchants");
        }
        long[] sorted = Arrays.copyOf(times, n);
        Arrays.sort(sorted);
        return sorted;
    }

    private static long p99(String what, long[] sorted) {
        long p99 = sorted[sorted.length * 99 / 100];
        System.err.printf("%s: p99 %d ms of %d answers%n", what, p99, sorted.length);
        return p99;
    }

    /** The time of a request on a connection of its own, in milliseconds. */
    private static long answerTo(String path) {
        long began = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request("GET", path, KEY, "", "").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            throw new AssertionError(
                    "no answer to " + path + " after " + (System.nanoTime() - began) / 1_000_000 + " ms\n"
                            + server.errors(),
                    e);
        }
        return (System.nanoTime() - began) / 1_000_000;
    }
}
