package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A page in a {@link Chromium}, with its own cookies. It records the browser's errors. */
final class ConsolePage implements AutoCloseable {
    static final double TIMEOUT_MILLIS = 120_000;

    private final BrowserContext context;
    private final List<String> browserErrors = new ArrayList<>();
    final Page page;

    ConsolePage(Browser browser, URI server) {
        context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(server.toString())
                .setColorScheme(ColorScheme.LIGHT)
                .setReducedMotion(ReducedMotion.REDUCE) // no half-finished transitions in screenshots
                .setLocale("en-GB")
                .setTimezoneId("Asia/Shanghai")
                .setViewportSize(1360, 900)
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        context.setDefaultTimeout(TIMEOUT_MILLIS);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            boolean invalidInput = message.text().contains("status of 422"); // which the page shows itself
            if (message.type().equals("error") && !invalidInput) {
                browserErrors.add(message.text());
            }
        });
        page.onPageError(browserErrors::add);
    }

    /** Signs in and opens a page. */
    ConsolePage signIn(String key, String path) {
        page.navigate("/sign-in?next=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
        page.fill("#key", key);
        follow(() -> page.click("button.primary"));
        page.waitForURL(url -> !url.contains("/sign-in"));
        return this;
    }

    /**
     * Runs an action that leads to another page, and waits until that page and its scripts are loaded: scripts miss
     * earlier actions.
     */
    void follow(Runnable deed) {
        page.evaluate("() => { window.left = true; }");
        deed.run();
        page.waitForFunction("() => !window.left && document.readyState === 'complete'");
    }

    ConsolePage go(String path) {
        page.navigate(path);
        return this;
    }

    /** Switches the console to a language. */
    ConsolePage switchTo(Language language) {
        follow(() -> page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(language.ownName()))
                .click());
        page.waitForCondition(() -> language.tag().equals(page.locator("html").getAttribute("lang")));
        return this;
    }

    /**
     * Fails if axe finds an accessibility violation on the current page, in light or in dark mode. Colors do not depend on the language, so that dark mode is
     * checked in English only.
     */
    void expectNoAccessibilityViolations(String where, Language language) {
        page.waitForLoadState();
        List<String> violations = violations(
                axe().withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")));
        assertThat(violations).as(where + ", light").isEmpty();
        screenshot(where + "-light");
        if (language != Language.ENGLISH) {
            return;
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        violations = violations(axe().withRules(List.of(
                "color-contrast", "link-in-text-block"))); // the other rules do not depend on the color scheme
        assertThat(violations).as(where + ", dark").isEmpty();
        screenshot(where + "-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    void expectNoScrollingSideways(String where) {
        assertThat(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as("pixels that do not fit, " + where)
                .isEqualTo(0);
    }

    void expectOneLine(Locator text) {
        assertThat(text.evaluate("e => Math.round(e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight))"))
                .as("lines of " + text.textContent())
                .isEqualTo(1);
    }

    private AxeBuilder axe() {
        return new AxeBuilder(page).setLegacyMode(true); // faster, and correct for pages without frames
    }

    private static List<String> violations(AxeBuilder axe) {
        List<String> violations = new ArrayList<>();
        for (Rule violation : axe.analyze().getViolations()) {
            violation
                    .getNodes()
                    .forEach(
                            node -> violations.add(violation.getId() + ": " + node.getTarget() + " " + node.getHtml()));
        }
        return violations;
    }

    /** Errors of the browser: failed scripts, violations of the content security policy, missing files. */
    List<String> browserErrors() {
        return browserErrors;
    }

    /** Saves a screenshot of the whole page, if the property {@code screenshots} is set. */
    ConsolePage screenshot(String name) {
        String folder = System.getProperty("screenshots");
        if (folder != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(folder, name + ".png"))
                    .setFullPage(true));
        }
        return this;
    }

    @Override
    public void close() {
        context.close();
    }
}
