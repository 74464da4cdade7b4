package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.OpenApi;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.Setting;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.ObjectMapper;

/** Metrics and actuator on a port of their own. */
class ManagementTest {
    private static final String LOGGER = "dev.rung.management.test";

    private static ServerFixture scene;
    private static HttpClient http;
    private static URI management;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        scene = new ServerFixture(dataDir, Map.of(Setting.MANAGEMENT_PORT, Integer.toString(port)));
        http = HttpClient.newHttpClient();
        management = URI.create("http://127.0.0.1:" + port);
    }

    @AfterAll
    static void stop() {
        http.close();
        scene.close();
    }

    /** The contract does not describe what a port does not serve. */
    private static final OpenApi NO_CONTRACT = new OpenApi(new ObjectMapper().readTree("{\"paths\":{}}"));

    private static ApiTestClient with(String key) {
        return new ApiTestClient(http, management, key, NO_CONTRACT);
    }

    @Test
    void eachPortServesItsPathsOnly() {
        assertThat(with("").get("/metrics").expect(200).text()).contains("rung_backlog");
        with("").get("/actuator/health").expect(200);
        with(ServerFixture.OPERATOR_KEY).get("/v1/merchants").expectProblem(404);
        with("").get("/health").expectProblem(404);
        ApiTestClient operator =
                new ApiTestClient(http, scene.server.address(), ServerFixture.OPERATOR_KEY, NO_CONTRACT);
        operator.get("/metrics").expectProblem(404);
        operator.get("/actuator/health").expectProblem(404);
        operator.get("/health").expect(200);
    }

    @Test
    void healthIsThatOfReady() {
        await().untilAsserted(() ->
                assertThat(with("").get("/actuator/health").at("/status")).isEqualTo("UP"));
    }

    @Test
    void theOperatorSetsALogLevelWhileTheServerRuns() {
        String path = "/actuator/loggers/" + LOGGER;
        String level = "{\"configuredLevel\":\"DEBUG\"}";
        with("").post(path, level).expectProblem(401);
        with(ServerFixture.VIEWER_KEY).post(path, level).expectProblem(403);
        with(ServerFixture.OPERATOR_KEY).post(path, level).expect(204);
        assertThat(LoggerFactory.getLogger(LOGGER).isDebugEnabled()).isTrue();
        assertThat(with(ServerFixture.VIEWER_KEY).get(path).expect(200).at("/configuredLevel"))
                .isEqualTo("DEBUG");
        with(ServerFixture.OPERATOR_KEY).get("/actuator/env").expectProblem(404);
    }
}
