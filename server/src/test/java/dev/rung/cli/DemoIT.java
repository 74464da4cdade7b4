package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.RungProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The demo as a user starts it. The test ends it with SIGTERM, which the JVM handles as the SIGINT of Ctrl-C; processes
 * started by a background script ignore SIGINT.
 */
class DemoIT {
    @TempDir
    private Path folder;

    @Test
    void showsEverythingAtWorkInItsFirstMinuteAndLeavesNothingBehind() {
        // Settings of a real server do not apply to the demo.
        Map<String, String> environment = Map.of(
                "RUNG_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:1/precious",
                "JAVA_TOOL_OPTIONS",
                "-Djava.io.tmpdir=" + folder);
        try (RungProcess demo = RungProcess.demo(folder, environment, "--rate", "5")) {
            URI address = demo.ready();
            Map<String, String> said = greeting(demo);
            String link = address + "/sign-in#key=";
            assertThat(said.get("Console")).startsWith(link);
            ApiTestClient operator =
                    demo.caller(address, said.getOrDefault("Console", "").substring(link.length()));
            assertThat(operator.get(URI.create(said.get("Payment page")).getPath())
                            .expect(200)
                            .text())
                    .contains("Leave without paying");

            JsonNode merchants =
                    operator.get("/v1/merchants").expect(200).json().get("data");
            assertThat(merchants.size()).isEqualTo(8);
            await().pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                assertThat(outcomes(operator)).contains("acknowledged", "declined", "timed_out", "unreachable");
                assertThat(states(operator)).contains("paying", "succeeded", "failed");
            });

            assertThat(demo.errors()).as("what scrolls the greeting away").doesNotContain("moved payment.id=");

            demo.terminate();
            assertThat(demo.exitCode()).as(demo.errors()).isZero();
        }
        assertThat(folder)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("rung-demo-"));
    }

    @Test
    void goesOnWhereItWasLeftIfItsDataIsKept() {
        Path kept = folder.resolve("kept");
        String[] flags = {"--data-dir", kept.toString()};
        List<String> urls;
        try (RungProcess demo = RungProcess.demo(folder, Map.of(), flags)) {
            URI address = demo.ready();
            greeting(demo);
            urls = urls(demo.caller(address, read(kept.resolve("api-key"))));
            assertThat(urls).hasSize(8);
            demo.terminate();
            assertThat(demo.exitCode()).as(demo.errors()).isZero();
        }
        try (RungProcess again = RungProcess.demo(folder, Map.of(), flags)) {
            URI address = again.ready();
            String keyFile = greeting(again).getOrDefault("Sign in with", "").replace("the key in ", "");
            assertThat(keyFile).isEqualTo(kept.resolve("api-key").toString());
            ApiTestClient operator = again.caller(address, read(Path.of(keyFile)));
            assertThat(urls(operator)).as("where what was left is sent to").isEqualTo(urls);
            again.terminate();
            assertThat(again.exitCode()).as(again.errors()).isZero();
        }
    }

    private static List<String> urls(ApiTestClient operator) {
        return operator.get("/v1/merchants")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .map(m -> m.get("notify_url").asString())
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The lines of the greeting by heading, up to its last line. */
    private static Map<String, String> greeting(RungProcess demo) {
        Map<String, String> said = new LinkedHashMap<>();
        for (String line = demo.line(); line != null; line = demo.line()) {
            if (line.startsWith("Ctrl-C stops it")) {
                return said;
            }
            String[] parts = line.split(" {2,}", 2);
            if (parts.length == 2) {
                said.put(parts[0], parts[1]);
            }
        }
        throw new AssertionError("it ended after " + said + "\n" + demo.errors());
    }

    private static Set<String> outcomes(ApiTestClient operator) {
        List<String> ids = operator.get("/v1/notifications?limit=100")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .map(n -> n.get("id").asString())
                .toList();
        return ids.stream()
                .flatMap(id -> operator.get("/v1/notifications/" + id)
                        .json()
                        .get("attempts")
                        .valueStream())
                .map(attempt -> attempt.get("outcome").asString())
                .collect(Collectors.toSet());
    }

    private static Set<String> states(ApiTestClient operator) {
        return operator.get("/v1/payments?limit=100")
                .expect(200)
                .json()
                .get("data")
                .valueStream()
                .map(payment -> payment.get("state").asString())
                .collect(Collectors.toSet());
    }
}
