package dev.rung.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.Setting;
import dev.rung.testing.PostgresServer;
import dev.rung.testing.RabbitServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console works on PostgreSQL and RabbitMQ as on the embedded store. */
class ClusterBrowserIT {
    private static ServerFixture scene;
    private static Chromium chromium;

    @BeforeAll
    static void start(@TempDir Path folder) {
        PostgresServer postgres = PostgresServer.shared();
        scene = new ServerFixture(
                folder,
                Map.of(
                        Setting.DATABASE_URL, postgres.createDatabase(),
                        Setting.DATABASE_USER, postgres.user(),
                        Setting.DATABASE_PASSWORD, postgres.password(),
                        Setting.RABBITMQ_URI, RabbitServer.shared().freshUri(),
                        Setting.MASTER_KEY, "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="));
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        scene.close();
    }

    @Test
    void anOrderIsFoundFollowedAndCountedOnTheClusterToo() {
        String merchant = scene.merchant();
        scene.shop.answer(500);
        scene.operator
                .post(
                        "/v1/payments",
                        "{\"merchant_id\":\"" + merchant
                                + "\",\"out_trade_no\":\"C1\",\"amount\":{\"value\":1230,\"currency\":\"CNY\"},\"subject\":\"two teas\""
                                + ",\"channel\":\"simulator\",\"channel_options\":{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"}}")
                .expect(201);
        try (ConsolePage screen = chromium.open(scene.server.address())) {
            Page page = screen.signIn(ServerFixture.OPERATOR_KEY, "/payments").page;
            page.fill("#q", "C1");
            page.locator("#results a", new Page.LocatorOptions().setHasText("C1"))
                    .click();
            assertThat(page.locator("#state")).hasText("Succeeded");
            assertThat(page.locator(".timeline")).containsText("Notified the merchant of payment.succeeded, attempt 1");
            screen.go("/notifications?merchant=" + merchant + "&state=waiting");
            page.locator("#results a", new Page.LocatorOptions().setHasText("C1"))
                    .click();
            assertThat(page.locator(".step.past.bad").first()).isVisible();
            screen.go("/");
            assertThat(page.locator(".uplot")).hasCount(3);
            assertThat(page.locator(".ladder .figure").first()).isVisible();
            assertThat(page.locator("#failing")).containsText("Tea House");
            screen.go("/notifications?q=C1");
            page.locator("#results a", new Page.LocatorOptions().setHasText("C1"))
                    .click();
            scene.shop.answer(200);
            page.click("#resend");
            assertThat(page.locator("#state")).hasText("Delivered");
            page.click("#order-link");
            assertThat(page.locator("#summary")).containsText("The merchant acknowledged");
            assertThat(screen.browserErrors()).isEmpty();
        }
    }
}
