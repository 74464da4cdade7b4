package dev.rung.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/**
 * Takes the screenshots of the READMEs from a running demo. Not a test: {@code scripts/screenshots.sh} runs it with the
 * demo's link.
 */
class ReadmeScreenshots {
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;
    private static final Duration CLIMBED_FOR = Duration.ofSeconds(110);

    @Test
    void areTaken() {
        URI demo = URI.create(System.getProperty("demo.link"));
        try (Chromium chromium = new Chromium();
                ConsolePage screen = chromium.open(demo.resolve("/"))) {
            screen.page.setViewportSize(WIDTH, HEIGHT);
            screen.go(demo.toString());
            assertThat(screen.page.locator("#tiles")).isVisible();
            take(screen, "");
            screen.switchTo(Language.CHINESE);
            take(screen, ".zh-CN");
        }
    }

    private static void take(ConsolePage screen, String suffix) {
        screen.go("/");
        assertThat(screen.page.locator(".uplot")).hasCount(3);
        screen.screenshot("overview" + suffix);
        // A notification that has waited this long is half-way up the ladder.
        screen.go("/notifications?state=waiting&to="
                + Instant.now().minus(CLIMBED_FOR).truncatedTo(ChronoUnit.SECONDS));
        Locator rows = screen.page.locator("#results tbody tr");
        int highest = 0;
        for (int i = 1; i < rows.count(); i++) {
            if (attempts(rows.nth(i)) > attempts(rows.nth(highest))) {
                highest = i;
            }
        }
        rows.nth(highest).locator("a").first().click();
        assertThat(screen.page.locator(".step.next")).isVisible();
        screen.screenshot("notification" + suffix);
    }

    private static int attempts(Locator row) {
        return Integer.parseInt(
                row.locator("td.num").innerText().replaceFirst("/.*", "").strip());
    }
}
