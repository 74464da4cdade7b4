package dev.rung.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.ServerFixture;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert rules and the dashboard ask for metrics that the server has; the image and what runs it are restricted. */
class DeployTest {
    private static final Path DEPLOY = Path.of("../deploy");
    private static final Pattern NAME = Pattern.compile("\\b(rung|jvm)_[a-z_]+\\b");

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        for (Matcher found = NAME.matcher(text); found.find(); ) {
            names.add(found.group());
        }
        return names;
    }

    @Test
    void everyMetricExists(@TempDir Path data) throws Exception {
        Set<String> asked = new TreeSet<>();
        for (String file : new String[] {"prometheus/rung.rules.yaml", "grafana/rung.json"}) {
            asked.addAll(names(read(file)));
        }
        assertThat(asked).hasSizeGreaterThan(10);
        try (ServerFixture fixture = new ServerFixture(data)) {
            String metrics = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(fixture.server.address().resolve("/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            assertThat(names(metrics)).containsAll(asked);
        }
    }

    @Test
    void theImageIsPinnedAndRunsWithoutRights() throws IOException {
        String image = Files.readString(DEPLOY.resolve("../Dockerfile"));
        assertThat(image.lines().filter(line -> line.startsWith("FROM ")))
                .hasSize(2)
                .allMatch(line -> line.matches("FROM [a-z-]+:[\\w.-]+@sha256:[0-9a-f]{64}( AS build)?"));
        assertThat(image).contains("\nUSER 10001:10001\n");
        assertThat(Files.readString(DEPLOY.resolve("../compose.yaml")))
                .contains("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true");
        assertThat(read("helm/rung/templates/deployment.yaml"))
                .contains("readOnlyRootFilesystem: true", "runAsNonRoot: true", "runAsUser: 10001");
    }

    private static String read(String file) throws IOException {
        return Files.readString(DEPLOY.resolve(file));
    }
}
