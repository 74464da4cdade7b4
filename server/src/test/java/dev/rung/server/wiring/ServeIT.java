package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.RungProcess;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.settings.DataDir;
import dev.rung.settings.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Start and end of the server as a process. */
class ServeIT {
    /** The sender's deadline. */
    private static final Duration ATTEMPT_AT_MOST = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    @Test
    void makesItsKeysSaysOneLineAndEndsWell() throws IOException {
        DataDir dataDir = new DataDir(folder.resolve("rung-data"));
        String merchant;
        try (RungProcess server = new RungProcess(folder, Map.of())) {
            URI address = server.ready();
            for (Path secret : new Path[] {dataDir.apiKey(), dataDir.masterKey()}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                        .isEqualTo("rw-------");
            }
            assertThat(server.errors()).contains(dataDir.apiKey().toString());
            assertThat(server.errors()).doesNotContain(key(dataDir));
            assertThat(RunningServer.read(dataDir)).hasValueSatisfying(entry -> {
                assertThat(entry.url()).isEqualTo(address);
                assertThat(entry.isAlive()).isTrue();
            });
            merchant = server.caller(address, key(dataDir))
                    .post("/v1/merchants", "{\"name\":\"x\"}")
                    .expect(201)
                    .at("/id");
            server.terminate();
            assertThat(server.exitCode()).isZero();
            assertThat(server.restOfOutput()).isEmpty();
            assertThat(RunningServer.read(dataDir)).isEmpty();
        }
        try (RungProcess again = new RungProcess(folder, Map.of())) {
            again.caller(again.ready(), key(dataDir))
                    .get("/v1/merchants/" + merchant)
                    .expect(200);
        }
    }

    @Test
    void aHangupEndsNothingAndBeforeTheEndItIsNotReadyButAnswers() {
        DataDir dataDir = new DataDir(folder.resolve("rung-data"));
        try (RungProcess server = new RungProcess(folder, Map.of(), "--drain-delay", "4s", "--drain-timeout", "5s")) {
            URI address = server.ready();
            ApiTestClient operator = server.caller(address, key(dataDir));
            server.signal("HUP");
            operator.get("/ready").expect(200);
            server.terminate();
            await().untilAsserted(
                            () -> assertThat(operator.get("/ready").status()).isEqualTo(503));
            assertThat(operator.get("/ready").at("/status")).isEqualTo("not_ready");
            operator.post("/v1/merchants", "{\"name\":\"x\"}").expect(201);
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void endsWhatIsUnderWayBeforeItEnds() throws Exception {
        for (int attempts = 1;
                !endsWhatIsUnderWay(Files.createDirectory(folder.resolve("run" + attempts)));
                attempts++) {
            assertThat(attempts).as("runs on a machine too busy to tell").isLessThan(10);
        }
    }

    /** Skips the check, with a message, if the machine was so slow that the attempt had ended by itself. */
    private static boolean endsWhatIsUnderWay(Path folder) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        slow.setExecutor(executor);
        slow.createContext("/", exchange -> {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        slow.start();
        String id;
        boolean soonEnough;
        DataDir dataDir = new DataDir(folder.resolve("rung-data"));
        try (RungProcess server = new RungProcess(folder, Map.of(), "--allow-targets", "127.0.0.0/8")) {
            ApiTestClient operator = server.caller(server.ready(), key(dataDir));
            String merchant = operator.post(
                            "/v1/merchants",
                            "{\"name\":\"x\",\"notify_url\":\"http://127.0.0.1:"
                                    + slow.getAddress().getPort() + "/\"}")
                    .expect(201)
                    .at("/id");
            InputStream stream = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(operator.server().resolve("/v1/stream"))
                                    .header("Authorization", "Bearer " + key(dataDir))
                                    .build(),
                            BodyHandlers.ofInputStream())
                    .body();
            long before = System.nanoTime();
            id = operator.post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                    .expect(202)
                    .at("/id");
            begun.await();
            server.terminate();
            // A stream never ends by itself; the server ends it first.
            assertThat(stream.readAllBytes()).isNotNull();
            await().until(() -> isGone(operator.server()));
            goOn.countDown();
            soonEnough =
                    System.nanoTime() - before < ATTEMPT_AT_MOST.minusSeconds(1).toNanos();
            assertThat(server.exitCode()).isZero();
        } finally {
            goOn.countDown();
            slow.stop(0);
            executor.close();
        }
        if (!soonEnough) {
            return false;
        }
        try (RungProcess again = new RungProcess(folder, Map.of())) {
            JsonNode shown = again.caller(again.ready(), key(dataDir))
                    .get("/v1/notifications/" + id)
                    .expect(200)
                    .json();
            assertThat(shown.get("state").asString()).isEqualTo("delivered");
            assertThat(shown.at("/attempts/0/may_repeat").asBoolean()).isFalse();
        }
        return true;
    }

    /** Whether the port is closed. */
    private static boolean isGone(URI server) {
        try (var socket = new java.net.Socket(server.getHost(), server.getPort())) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void whatWasTakenInBeforeAKillIsDeliveredAfterItAndNoTemporaryFilesRemain() throws IOException {
        DataDir dataDir = new DataDir(folder.resolve("rung-data"));
        Path temporary = folder.resolve("temporary");
        Map<String, String> environment = Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        try (TestMerchant shop = new TestMerchant()) {
            String id;
            // The temporary folder does not exist yet.
            try (RungProcess server = new RungProcess(folder, environment, "--allow-targets", "127.0.0.0/8")) {
                ApiTestClient operator = server.caller(server.ready(), key(dataDir));
                String merchant = operator.post(
                                "/v1/merchants", "{\"name\":\"x\",\"notify_url\":\"" + shop.url() + "\"}")
                        .expect(201)
                        .at("/id");
                operator.post("/v1/merchants/" + merchant + "/pause").expect(200);
                id = operator.post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                        .expect(202)
                        .at("/id");
                operator.post("/v1/merchants/" + merchant + "/resume").expect(200);
                server.kill();
            }
            Files.createDirectory(temporary);
            try (RungProcess again = new RungProcess(folder, environment, "--allow-targets", "127.0.0.0/8")) {
                ApiTestClient operator = again.caller(again.ready(), key(dataDir));
                operator.post("/v1/notifications/" + id + "/resend").expect(202);
                await().until(() ->
                        operator.get("/v1/notifications/" + id).at("/state").equals("delivered"));
                assertThat(shop.received()).isNotEmpty();
                again.kill();
            }
            assertThat(temporary).isEmptyDirectory();
            try (Stream<Path> libraries = Files.list(dataDir.temporary())) {
                assertThat(libraries.filter(Files::isRegularFile)).hasSizeLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void saysWhyItCannotStart() throws IOException {
        try (RungProcess server = new RungProcess(folder, Map.of())) {
            URI address = server.ready();
            try (RungProcess same = new RungProcess(folder, Map.of())) {
                assertThat(same.exitCode()).isEqualTo(1);
                assertThat(same.errors()).contains("in use by another server").doesNotContain("\tat ");
            }
            try (RungProcess samePort = new RungProcess(
                    folder, Map.of(), "--data-dir", "other", "--port", Integer.toString(address.getPort()))) {
                assertThat(samePort.exitCode()).isEqualTo(1);
                assertThat(samePort.errors()).contains("is in use").doesNotContain("\tat ");
            }
            server.terminate();
            assertThat(server.exitCode()).isZero();
        }
        // An address reserved for documentation, which no machine has.
        try (RungProcess elsewhere = new RungProcess(folder, Map.of(), "--bind", "192.0.2.1", "--behind-proxy")) {
            assertThat(elsewhere.exitCode()).isEqualTo(1);
            assertThat(elsewhere.errors())
                    .contains("rung serve: cannot listen on 192.0.2.1", "--bind")
                    .doesNotContain("\tat ");
        }
        Map<String, String> otherKey = Map.of("RUNG_MASTER_KEY", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=");
        try (RungProcess server = new RungProcess(folder, otherKey)) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.errors()).contains("encrypted with another master key");
        }
    }

    @Test
    void logsOneJsonObjectALineWhenAskedTo() {
        try (RungProcess server = new RungProcess(folder, Map.of("RUNG_LOG_FORMAT", "json"))) {
            server.ready();
            server.terminate();
            assertThat(server.exitCode()).isZero();
            assertThat(server.errors().lines().toList()).isNotEmpty().allSatisfy(line -> {
                JsonNode event = new ObjectMapper().readTree(line);
                assertThat(event.get("time").asString()).endsWith("Z");
                assertThat(event.has("level")).isTrue();
                assertThat(event.has("message")).isTrue();
            });
        }
    }

    private static String key(DataDir dataDir) {
        try {
            return Files.readString(dataDir.apiKey()).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
