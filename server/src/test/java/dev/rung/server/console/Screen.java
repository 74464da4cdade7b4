package dev.rung.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A real browser, the machine's own Chromium, and a page in it. What the page complains about is kept. */
public final class Screen implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final double PATIENCE_MILLIS = 15_000;

    private final Playwright playwright;
    private final Browser browser;
    private final BrowserContext context;
    private final List<String> complaints = new ArrayList<>();
    public final Page page;

    public Screen(URI server) {
        this(server, ColorScheme.LIGHT);
    }

    public Screen(URI server, ColorScheme colours) {
        playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1", "PLAYWRIGHT_BROWSERS_PATH", "0")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium())
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run")));
        context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(server.toString())
                .setColorScheme(colours)
                .setLocale("en-GB")
                .setTimezoneId("Asia/Shanghai")
                .setViewportSize(1360, 900)
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            boolean invalidInput = message.text().contains("status of 422"); // which the page itself tells
            if (message.type().equals("error") && !invalidInput) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    private static Path chromium() {
        return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("no Chromium is on the PATH; ./verify finds or installs one"));
    }

    /** Signs in and goes on to a page. */
    public Screen signIn(String key, String path) {
        page.navigate("/sign-in?next=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
        page.fill("#key", key);
        page.click("button.primary");
        page.waitForURL(url -> !url.contains("/sign-in"));
        return this;
    }

    public Screen go(String path) {
        page.navigate(path);
        return this;
    }

    /** Fails if people who see, hear or move otherwise would meet a barrier on the page as it is. */
    void expectNoBarriers(String where) {
        List<String> barriers = new ArrayList<>();
        for (Rule violation : new AxeBuilder(page)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                .analyze()
                .getViolations()) {
            violation
                    .getNodes()
                    .forEach(node -> barriers.add(violation.getId() + ": " + node.getTarget() + " " + node.getHtml()));
        }
        assertThat(barriers).as(where).isEmpty();
    }

    /** What the browser complained about: scripts that failed, what the policy kept out, what was not found. */
    List<String> complaints() {
        return complaints;
    }

    /** Keeps a picture of the whole page, if somebody asked for pictures. */
    public Screen picture(String name) {
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
        browser.close();
        playwright.close();
    }
}
