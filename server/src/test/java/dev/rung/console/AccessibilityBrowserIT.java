package dev.rung.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every page, with and without data, in both languages, in light and (in English) dark mode, has no accessibility
 * violation that axe finds.
 */
class AccessibilityBrowserIT {
    private static final int BATCH = 1_000;
    /** Enough notifications for several calls, so that the progress is visible. */
    private static final int BATCHES = 11;

    @TempDir
    static Path folder;

    private static ServerFixture scene;
    private static TestMerchant refusing;
    private static Chromium chromium;
    private static String merchant;
    private static String paused;
    private static String waiting;
    private static String paying;
    private static String paid;
    private static String discrepancy;
    /** Pages for all signed-in users, by name. */
    private static final Map<String, String> PAGES = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        scene = new ServerFixture(folder.resolve("data"));
        refusing = new TestMerchant();
        refusing.answer(500);
        chromium = new Chromium();
        merchant = scene.merchant(",\"ladder\":[\"1h\",\"2h\"]");
        paused = scene.merchant();
        scene.operator.post("/v1/merchants/" + paused + "/pause").expect(200);
        scene.operator.post("/v1/merchants/" + merchant + "/keys").expect(201);
        scene.operator
                .post("/v1/merchants/" + merchant + "/rotate-secret", "{\"overlap\":\"24h\"}")
                .expect(200);
        scene.operator
                .put("/v1/ladders/patient", "{\"steps\":[\"1h\",\"24h\"]}")
                .expect(200);
        waiting = send(merchant, "T1", refusing.url());
        beginWithNotifications();
        paying = pay("P1", "");
        paid = pay("P2", ",\"channel_options\":{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"}");
        goOnWithPayments();
        discrepancy = endWithDiscrepancies();
        theRest();
    }

    private static String send(String to, String number, String url) {
        return scene.operator
                .post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + to + "\",\"order_no\":\"" + number + "\",\"url\":\"" + url
                                + "\",\"event_type\":\"order.shipped\",\"payload\":{\"amount\":12.30}}")
                .expect(202)
                .at("/id");
    }

    private static void beginWithNotifications() {
        String delivered = send(merchant, "T1", scene.shop.url());
        String cancelled = send(merchant, "T2", refusing.url());
        scene.operator.post("/v1/notifications/" + cancelled + "/cancel").expect(200);
        PAGES.put("overview", "/");
        PAGES.put("alerts", "/alerts");
        PAGES.put("approvals-none", "/approvals");
        PAGES.put("channels", "/channels");
        PAGES.put("keys", "/keys");
        PAGES.put("channel", "/channels/simulator");
        PAGES.put("channel-new", "/channels/new?type=alipay");
        PAGES.put("notifications", "/notifications?merchant=" + merchant);
        PAGES.put("notifications-none", "/notifications?q=nothing");
        PAGES.put("notifications-of-unknown-merchant", "/notifications?merchant=unknown");
        PAGES.put("notification-delivered", "/notifications/" + delivered);
        PAGES.put("notification-cancelled", "/notifications/" + cancelled);
        PAGES.put("notification-parked", "/notifications/" + send(paused, "T3", scene.shop.url()));
        PAGES.put("order-elsewhere", "/orders/" + merchant + "?no=T1");
    }

    private static String pay(String number, String manners) {
        return scene.operator
                .post(
                        "/v1/payments",
                        "{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"" + number
                                + "\",\"amount\":{\"value\":123450,\"currency\":\"CNY\"},\"subject\":\"two teas\""
                                + ",\"channel\":\"simulator\"" + manners + "}")
                .expect(201)
                .at("/id");
    }

    private static void goOnWithPayments() {
        String failed = pay("P3", ",\"channel_options\":{\"outcome\":\"fails\",\"pay_after\":\"0s\"}");
        await().until(() -> state(paid).equals("succeeded"));
        await().until(() -> state(failed).equals("failed"));
        PAGES.put("payments", "/payments");
        PAGES.put("payments-none", "/payments?q=nothing");
        PAGES.put("order-failed", "/payments/" + failed);
    }

    private static String state(String payment) {
        return scene.operator.get("/v1/payments/" + payment).at("/state");
    }

    /** Resolves one discrepancy; returns the other. */
    private static String endWithDiscrepancies() {
        scene.operator
                .post(
                        "/v1/reconciliations",
                        "{\"channel\":\"simulator\",\"findings\":[" + finding("missing_here", "") + ","
                                + finding("amount_mismatch", ",\"payment_id\":\"" + paid + "\"") + "]}")
                .expect(200);
        String resolved = scene.operator.get("/v1/discrepancies?limit=2").at("/data/1/id");
        scene.operator
                .post("/v1/discrepancies/" + resolved + "/resolve", "{\"note\":\"refunded\"}")
                .expect(200);
        PAGES.put("discrepancies", "/discrepancies");
        PAGES.put("discrepancies-all", "/discrepancies?show=all");
        PAGES.put("reconciliations", "/reconciliations");
        PAGES.put("discrepancy-resolved", "/discrepancies/" + resolved);
        return scene.operator.get("/v1/discrepancies").at("/data/0/id");
    }

    private static String finding(String kind, String more) {
        return "{\"kind\":\"" + kind + "\",\"out_trade_no\":\"P2\",\"detail\":\"on the bill: 5.00 CNY\"" + more + "}";
    }

    private static void theRest() {
        PAGES.put("merchants", "/merchants");
        PAGES.put("merchants-none", "/merchants?q=nothing");
        PAGES.put("merchant", "/merchants/" + merchant + "?done=saved");
        PAGES.put("merchant-paused", "/merchants/" + paused);
        PAGES.put("ladders", "/ladders");
        PAGES.put("audit", "/audit");
        PAGES.put("rejected-none", "/rejected");
        PAGES.put("not-found", "/notifications/ntf_0000000000000");
    }

    @AfterAll
    static void stop() {
        chromium.close();
        refusing.close();
        scene.close();
    }

    private static ConsolePage signedIn(String key, Language language) {
        return chromium.open(scene.server.address()).signIn(key, "/ladders").switchTo(language);
    }

    private static void check(ConsolePage screen, Language language, String name) {
        screen.expectNoAccessibilityViolations(name + "-" + language.tag(), language);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void noPageHasABarrier(Language language) {
        try (ConsolePage screen = signedIn(ServerFixture.OPERATOR_KEY, language)) {
            PAGES.forEach((name, path) -> check(screen.go(path), language, name));
            screen.go("/");
            assertThat(screen.page.locator(".uplot")).hasCount(3);
            check(screen, language, "overview-with-charts");
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void aSmallScreenShowsEveryPageWithoutScrollingSideways(Language language) {
        try (ConsolePage screen = signedIn(ServerFixture.OPERATOR_KEY, language)) {
            screen.page.setViewportSize(390, 800);
            PAGES.forEach((name, path) -> screen.go(path).expectNoScrollingSideways(name));
        }
    }

    @Test
    void aSmallScreenBreaksNoIds() {
        try (ConsolePage screen = signedIn(ServerFixture.OPERATOR_KEY, Language.ENGLISH)) {
            screen.page.setViewportSize(390, 800);
            screen.go("/notifications?merchant=" + merchant);
            screen.expectOneLine(screen.page.locator("td .mono").first());
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void noPageHasABarrierForAViewer(Language language) {
        try (ConsolePage screen = signedIn(ServerFixture.VIEWER_KEY, language)) {
            check(screen.go("/notifications/" + waiting), language, "viewer-notification");
            check(screen.go("/payments/" + paying), language, "viewer-order");
            check(screen.go("/discrepancies/" + discrepancy), language, "viewer-discrepancy");
            check(screen.go("/merchants/" + merchant), language, "viewer-merchant");
            check(screen.go("/ladders"), language, "viewer-ladders");
            check(screen.go("/resend"), language, "viewer-refused");
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void theMerchantsPortalOpensByALinkAndHasNoBarrier(Language language) {
        String link = scene.operator
                .post("/v1/merchants/" + merchant + "/portal-link", "{\"role\":\"manage\"}")
                .expect(200)
                .at("/url");
        try (ConsolePage screen = chromium.open(scene.server.address()).go(link).switchTo(language)) {
            Page page = screen.page;
            assertThat(page.locator("nav[aria-label] ul").first().getByRole(AriaRole.LINK))
                    .hasCount(4);
            check(screen, language, "portal-merchant");
            page.click("#test");
            assertThat(page.locator("#resend")).isVisible();
            check(screen, language, "portal-notification");
            check(screen.go("/notifications"), language, "portal-notifications");
            check(screen.go("/payments"), language, "portal-payments");
            check(screen.go("/payments/" + paid), language, "portal-payment");
            check(screen.go("/merchants/" + merchant + "/endpoints"), language, "portal-endpoints");
            check(screen.go("/audit"), language, "portal-refused");
            check(screen.go(link), language, "portal-link-used");
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void theDoorHasNoBarrier(Language language) {
        try (ConsolePage screen =
                chromium.open(scene.server.address()).go("/sign-in").switchTo(language)) {
            check(screen, language, "sign-in");
            screen.page.fill("#key", "not a key");
            screen.page.keyboard().press("Enter");
            assertThat(screen.page.locator("#sign-in-error")).isVisible();
            check(screen, language, "sign-in-wrong");
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void whatIsUnfoldedOrAskedHasNoBarrier(Language language) {
        try (ConsolePage screen = signedIn(ServerFixture.OPERATOR_KEY, language)) {
            Page page = screen.go("/notifications/" + waiting).page;
            page.locator(".step.past summary").first().click();
            check(screen, language, "notification-waiting");
            page.click("#cancel");
            check(screen, language, "notification-cancel");
            screen.go("/payments/" + paying);
            check(screen, language, "order-paying");
            page.click("#close");
            check(screen, language, "order-close");
            screen.go("/payments/" + paid);
            assertThat(page.locator(".event.ahead")).hasCount(0); // it cannot change any more
            page.locator(".event summary").all().forEach(Locator::click);
            assertThat(page.locator(".loaded pre.bytes").first()).isVisible();
            check(screen, language, "order-paid");
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void aFormThatIsWrongHasNoBarrier(Language language) {
        try (ConsolePage screen = signedIn(ServerFixture.OPERATOR_KEY, language)) {
            Page page = screen.go("/merchants/new").page;
            check(screen, language, "merchant-new");
            page.fill("#name", "Noodle Bar");
            page.fill("#notify_url", "ftp://shop.example");
            page.selectOption("#ladder", "own");
            page.fill("#steps", "soon");
            page.fill("#max_in_flight", "99999");
            page.click("#save");
            assertThat(page.locator(".field-error")).hasCount(3);
            check(screen, language, "merchant-new-wrong");
            screen.go("/ladders");
            page.fill("#name", "patient");
            page.fill("#steps", "1h, soon");
            page.click("#save");
            assertThat(page.locator("#steps-error")).isVisible();
            check(screen, language, "ladders-wrong");
            screen.go("/discrepancies/" + discrepancy);
            check(screen, language, "discrepancy");
            page.fill("#note", " ");
            page.click("#resolve-do");
            assertThat(page.locator("#note-error")).isVisible();
            check(screen, language, "discrepancy-wrong");
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void whatIsShownOnceHasNoBarrier(Language language) {
        try (ConsolePage screen = signedIn(ServerFixture.OPERATOR_KEY, language)) {
            Page page = screen.go("/merchants/new").page;
            page.fill("#name", "Noodle Bar");
            page.selectOption("#signing", "ed25519");
            page.click("#save");
            assertThat(page.locator("#public-key")).containsText("whpk_");
            check(screen, language, "secret-public-key");
            screen.follow(() -> page.click("#to-merchant"));
            page.click("#new-key");
            assertThat(page.locator("#secret")).containsText("rung_mk_");
            check(screen, language, "secret-api-key");
            screen.go("/merchants/" + merchant);
            page.click("#rotate");
            assertThat(page.locator("#secret")).containsText("whsec_");
            check(screen, language, "secret-rotated");
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void sendingManyAgainHasNoBarrierWhileItGoesOn(Language language) {
        String many = scene.merchant();
        scene.operator.post("/v1/merchants/" + many + "/pause").expect(200);
        String item = "{\"merchant_id\":\"" + many + "\",\"payload\":1}";
        String batch = IntStream.range(0, BATCH).mapToObj(i -> item).collect(Collectors.joining(","));
        for (int i = 0; i < BATCHES; i++) {
            scene.operator
                    .post("/v1/notifications/batch", "{\"notifications\":[" + batch + "]}")
                    .expect(200);
        }
        try (ConsolePage screen = signedIn(ServerFixture.OPERATOR_KEY, language)) {
            Page page = screen.page;
            Deque<Route> calls = new ArrayDeque<>();
            page.route(url -> url.contains("/resend/"), calls::add);
            screen.go("/resend?state=waiting&merchant=" + many);
            check(screen, language, "resend");
            page.click("#count");
            pass(page, calls);
            assertThat(page.locator("#progress [hx-trigger^=load]")).isVisible();
            check(screen, language, "resend-counting");
            pass(page, calls);
            assertThat(page.locator("#dry-run")).containsText("11,000");
            check(screen, language, "resend-counted");
            page.click("#run");
            pass(page, calls);
            assertThat(page.locator("#resent")).containsText("10,000");
            check(screen, language, "resend-running");
            pass(page, calls);
            assertThat(page.locator("#resent")).containsText("11,000");
            check(screen, language, "resend-done");
        }
    }

    /** Lets the next call through to the server; the one after that is held. */
    private static void pass(Page page, Deque<Route> calls) {
        page.waitForCondition(() -> !calls.isEmpty());
        calls.remove().resume();
    }
}
