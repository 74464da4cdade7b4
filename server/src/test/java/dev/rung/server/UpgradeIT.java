package dev.rung.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.RungProcess;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.testing.PostgresServer;
import dev.rung.testing.RabbitServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A cluster under load is upgraded from one version's jar to another's, one server after the other. */
class UpgradeIT {
    private static final String KEY = "the-operators-key-of-the-upgrade-test";
    private static final long PAUSE_NANOS = 50_000_000;

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final List<ApiTestClient> running = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
    private volatile boolean submitting = true;

    /** The same program, but for the version in its manifest. */
    private Path newVersion(Path jar) throws IOException {
        Path copy = Files.copy(jar, folder.resolve("new.jar"));
        try (FileSystem files = FileSystems.newFileSystem(copy)) {
            Path file = files.getPath("META-INF/MANIFEST.MF");
            Manifest manifest;
            try (InputStream in = Files.newInputStream(file)) {
                manifest = new Manifest(in);
            }
            manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "0.1.999");
            try (OutputStream out = Files.newOutputStream(file)) {
                manifest.write(out);
            }
        }
        return copy;
    }

    private RungProcess start(Path jar, String name) {
        try {
            Path home = Files.createDirectories(folder.resolve(name));
            return RungProcess.ofJar(jar, home, environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ApiTestClient ready(RungProcess server) {
        URI address = server.ready();
        ApiTestClient caller = server.caller(address, KEY);
        running.add(caller);
        return caller;
    }

    /** As a load balancer does: no request is sent to a server that is about to stop. */
    private static void stop(RungProcess server, ApiTestClient caller, List<ApiTestClient> running) {
        running.remove(caller);
        server.terminate();
        assertThat(server.exitCode()).isZero();
    }

    private void submit(String merchant) {
        for (int i = 0; submitting; i++) {
            ApiTestClient caller = running.get(i % running.size());
            byte[] body = "{\"merchant_id\":\"%s\",\"payload\":%d,\"ladder\":[\"1s\",\"2s\"]}"
                    .formatted(merchant, i)
                    .getBytes(StandardCharsets.UTF_8);
            accepted.add(caller.send("POST", "/v1/notifications", body, Map.of("Idempotency-Key", "n" + i))
                    .expect(202)
                    .at("/id"));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Test
    @Tag("extended")
    void aRollingRestartToAnotherVersionLosesAndRepeatsNothing() throws Exception {
        PostgresServer postgres = PostgresServer.shared();
        environment.putAll(Map.of(
                "RUNG_API_KEY", KEY,
                "RUNG_MASTER_KEY", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
                "RUNG_DATABASE_URL", postgres.createDatabase(),
                "RUNG_DATABASE_USER", postgres.user(),
                "RUNG_DATABASE_PASSWORD", postgres.password(),
                "RUNG_RABBITMQ_URI", RabbitServer.shared().freshUri(),
                "RUNG_ALLOW_TARGETS", "127.0.0.0/8"));
        Path old = Path.of(System.getProperty("rung.jar"));
        Path next = newVersion(old);
        try (TestMerchant shop = new TestMerchant();
                RungProcess a = start(old, "a");
                RungProcess b = start(old, "b")) {
            ApiTestClient callerOfA = ready(a);
            ApiTestClient callerOfB = ready(b);
            String merchant = callerOfA
                    .post("/v1/merchants", "{\"name\":\"Tea House\",\"notify_url\":\"" + shop.url() + "\"}")
                    .expect(201)
                    .at("/id");
            shop.answer(500);
            Thread load = Thread.ofVirtual().start(() -> submit(merchant));
            await().until(() -> accepted.size() > 20);
            shop.answer(200);

            stop(a, callerOfA, running);
            try (RungProcess newA = start(next, "a")) {
                ApiTestClient callerOfNewA = ready(newA);
                await().until(() -> callerOfNewA.get("/ready").text().contains("version"));
                stop(b, callerOfB, running);
                try (RungProcess newB = start(next, "b")) {
                    ApiTestClient callerOfNewB = ready(newB);
                    await().until(() -> callerOfNewB.get("/ready").at("/status").equals("ready"));
                    submitting = false;
                    load.join();
                    checkEach(callerOfNewB, shop);
                }
            }
        }
    }

    private void checkEach(ApiTestClient caller, TestMerchant shop) {
        assertThat(accepted).hasSizeGreaterThan(50).doesNotHaveDuplicates();
        await().until(() -> caller.get("/v1/notifications?state=waiting")
                .expect(200)
                .json()
                .get("data")
                .isEmpty());
        Map<String, Long> requests = shop.received().stream()
                .collect(Collectors.groupingBy(r -> r.header("webhook-id"), Collectors.counting()));
        assertThat(requests.keySet()).containsExactlyInAnyOrderElementsOf(accepted);
        for (String id : accepted) {
            JsonNode notification =
                    caller.get("/v1/notifications/" + id).expect(200).json();
            assertThat(notification.get("state").asString()).isEqualTo("delivered");
            String attempts = notification.get("attempts").toString();
            long recorded = notification.get("attempts").size();
            assertThat(requests.get(id))
                    .as("requests of " + attempts)
                    .isBetween(recorded, recorded + (attempts.contains("\"may_repeat\":true") ? 1 : 0));
        }
    }
}
