package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bulk resend. */
class BulkResendTest {
    @TempDir
    static Path folder;

    private static ServerFixture scene;
    private static ConsoleHttpClient operator;

    @BeforeAll
    static void start() {
        scene = new ServerFixture(folder.resolve("data"));
        operator = new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.OPERATOR_KEY);
    }

    @AfterAll
    static void stop() {
        operator.close();
        scene.close();
    }

    private static void expectExhausted(String merchant, int count) {
        await().untilAsserted(() -> assertThat(scene.operator
                        .get("/v1/notifications?state=exhausted&merchant_id=" + merchant)
                        .json()
                        .get("data")
                        .size())
                .isEqualTo(count));
    }

    @Test
    void aDryRunCountsAndChangesNothing() {
        scene.shop.answer(500);
        String merchant = scene.merchant(",\"ladder\":[\"1s\"]");
        scene.send(merchant, "{}");
        scene.send(merchant, "{}");
        expectExhausted(merchant, 2);
        String page = operator.change("/resend/count", Map.of("merchant", merchant, "state", "exhausted"))
                .body();
        assertThat(page).contains("<span class=\"figure-big\">2</span>").contains("Resend 2");
        expectExhausted(merchant, 2);
    }

    @Test
    void anUnknownMerchantIsReportedAndNoOthersAreTaken() {
        assertThat(operator.change("/resend/count", Map.of("merchant", "an unknown shop", "state", "exhausted"))
                        .body())
                .contains("No merchant with this name or ID.")
                .doesNotContain("/resend/run");
    }
}
