package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostedBankServletTest {
    @TempDir
    private Path folder;

    @Test
    void theBankStandsOnTheServersPortAndNeedsNoKey() {
        try (ServerFixture scene = new ServerFixture(folder)) {
            TestResponse style =
                    scene.anonymous.get("/banks/simulator/style.css").expect(200);
            assertThat(style.header("content-type")).startsWith("text/css");
            assertThat(style.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(scene.anonymous
                            .send("HEAD", "/banks/simulator/style.css", null, Map.of())
                            .expect(200)
                            .text())
                    .isEmpty();
            assertThat(scene.anonymous
                            .get("/banks/simulator/pay/nothing")
                            .expect(404)
                            .text())
                    .contains("Order not found");
            scene.anonymous.post("/banks/simulator/gateway/query", "{}").expect(401);
            byte[] tooLong = "x".repeat(70_000).getBytes(StandardCharsets.UTF_8);
            scene.anonymous
                    .send("POST", "/banks/simulator/gateway/query", tooLong, Map.of())
                    .expect(413);
        }
    }

    @Test
    void whereItIsNotWantedThereIsNone() {
        try (ServerFixture scene = new ServerFixture(folder, Map.of(ServerFixture.flag("simulator"), "false"))) {
            assertThat(scene.anonymous.get("/banks/simulator/style.css").status())
                    .isEqualTo(404);
        }
    }
}
