package dev.rung.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.RungProcess;
import dev.rung.server.http.HostileClients.Behavior;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that keep a server with a heap of 512 MiB waiting: it lives on, and answers others. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HostileClientsIT {
    private static final String KEY = "operator-key-of-the-hostile-clients-tests";
    private static final Duration DRIBBLE = Duration.ofSeconds(4);
    private static final Duration ATTACK = Duration.ofSeconds(8);
    /** Far above what is measured, for machines that do other things too; while muted, it was minutes. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(3);

    @TempDir
    private Path folder;

    private RungProcess server;
    private URI address;

    @BeforeEach
    void start() {
        server = new RungProcess(
                folder,
                Map.of("JDK_JAVA_OPTIONS", "-Xmx512m"),
                "--data-dir",
                folder.resolve("data").toString(),
                "--api-key",
                KEY);
        address = server.ready();
        for (int i = 0; i < 200; i++) {
            answerTo("/health");
            answerTo("/v1/merchants");
        }
    }

    @AfterEach
    void stop() {
        server.close();
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

    @Test
    void aHeadHasADeadlineThoughBytesArrive() throws Exception {
        assertThat(lifetime("GET /health HTTP/1.1\r\nX: ")).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    @Test
    void aBodyHasADeadlineThoughBytesArrive() throws Exception {
        assertThat(lifetime("POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 65000\r\n\r\nkey="))
                .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    /** How long the server waits for a client that sends a byte a second. */
    private Duration lifetime(String first) throws IOException {
        long began = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
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
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static Behavior dribbling(String first) {
        return HostileClients.dribbling(first.getBytes(StandardCharsets.US_ASCII), (byte) 'y', DRIBBLE);
    }

    private void attack(int connections, Behavior behavior) {
        long[] calm = answers(Duration.ofSeconds(3));
        try (HostileClients clients = new HostileClients(address, connections, behavior)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> clients.connected() > connections / 2);
            long[] under = answers(ATTACK);
            System.err.printf(
                    "%d connections: p99 %d ms of %d answers, %d ms of %d before%n",
                    connections, p99(under), under.length, p99(calm), calm.length);
            assertThat(Duration.ofMillis(p99(under))).isLessThan(ANSWER_MAX);
        }
        answerTo("/health");
        assertThat(server.errors()).doesNotContain("OutOfMemoryError");
    }

    /** Times of answers in milliseconds, sorted. */
    private long[] answers(Duration during) {
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

    private static long p99(long[] sorted) {
        return sorted[sorted.length * 99 / 100];
    }

    /** The time of a request on a connection of its own, in milliseconds. */
    private long answerTo(String path) {
        long began = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + KEY
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
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
