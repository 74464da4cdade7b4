package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import dev.rung.settings.Setting;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of alerts. */
class AlertsPageTest {
    @Test
    void aTestAlertIsSentAndItsResultShown(@TempDir Path folder) {
        try (TestMerchant chat = new TestMerchant();
                ServerFixture scene = new ServerFixture(
                        folder, Map.of(Setting.ALERTS_URL, chat.url(), Setting.ALERTS_FORMAT, "slack"));
                ConsoleHttpClient operator =
                        new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.OPERATOR_KEY);
                ConsoleHttpClient viewer =
                        new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.VIEWER_KEY)) {
            assertThat(operator.get("/alerts").body())
                    .contains("Alerts are sent to Slack", "Send a test alert")
                    .doesNotContain(chat.url());
            assertThat(viewer.get("/alerts").body()).doesNotContain("Send a test alert");
            assertThat(viewer.change("/alerts/test", Map.of()).statusCode()).isEqualTo(403);
            chat.answer(500);
            String sent = operator.change("/alerts/test", Map.of())
                    .headers()
                    .firstValue("location")
                    .orElseThrow();
            assertThat(sent).startsWith("/alerts?test=ntf_");
            await().until(() -> operator.get(sent).body(), body -> body.contains("HTTP 500"));
            chat.answer(200);
            await().until(() -> operator.get(sent).body(), body -> body.contains("Delivered"));
            assertThat(operator.get(sent.replace("/alerts", "/alerts/live")).body())
                    .startsWith("<section")
                    .contains("Delivered", "HTTP 200")
                    .doesNotContain("hx-get");
            String notification = scene.send(scene.merchant(), "1");
            assertThat(operator.get("/alerts?test=" + notification).body())
                    .as("not an alert")
                    .doesNotContain("id=\"sent\"");
        }
    }
}
