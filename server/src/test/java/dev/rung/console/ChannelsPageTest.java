package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.ServerFixture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channel accounts in the console. */
class ChannelsPageTest {
    private static final Map<String, String> STRIPE = Map.of(
            "name",
            "stripe-hk",
            "type",
            "stripe",
            "secret_key",
            "sk_test_123456789",
            "webhook_secret",
            "whsec_0123456789");

    @Test
    void anAccountIsMadeChangedAndDeletedByOperatorsAlone(@TempDir Path dataDir) {
        try (ServerFixture scene = new ServerFixture(dataDir);
                ConsoleHttpClient anonymous = new ConsoleHttpClient(scene.server.address());
                ConsoleHttpClient operator =
                        new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.OPERATOR_KEY);
                ConsoleHttpClient viewer =
                        new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.VIEWER_KEY)) {
            String account = "/v1/channels/stripe-hk";
            assertThat(anonymous.get("/channels").headers().firstValue("location"))
                    .get()
                    .asString()
                    .contains("/sign-in");
            assertThat(anonymous.post("/channels/new", STRIPE).statusCode()).isBetween(300, 499);
            assertThat(operator.post("/channels/new", STRIPE).statusCode()).isEqualTo(403); // no token
            assertThat(viewer.change("/channels/new", STRIPE).statusCode()).isEqualTo(403);
            scene.operator.get(account).expect(404);

            operator.change("/channels/new", STRIPE);
            scene.operator.get(account).expect(200);
            assertThat(operator.get("/channels").body()).contains("stripe-hk", "simulator");
            assertThat(viewer.get("/channels").body()).contains("stripe-hk").doesNotContain("new-channel");
            String form = operator.get("/channels/stripe-hk").body();
            assertThat(form).contains("secret_key").doesNotContain("sk_test_123456789");
            assertThat(operator.get("/channels/new?type=alipay").body()).contains("app_id");
            assertThat(operator.change("/channels/simulator/check", Map.of())
                            .headers()
                            .firstValue("location"))
                    .hasValue("/channels?done=channel_checked");

            assertThat(anonymous.post("/channels/stripe-hk/delete", Map.of()).statusCode())
                    .isBetween(300, 499);
            assertThat(viewer.change("/channels/stripe-hk/delete", Map.of()).statusCode())
                    .isEqualTo(403);
            scene.operator.get(account).expect(200);
            operator.change("/channels/stripe-hk/delete", Map.of());
            scene.operator.get(account).expect(404);
        }
    }
}
