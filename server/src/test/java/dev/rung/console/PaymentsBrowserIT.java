package dev.rung.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payments and discrepancies in a real browser. */
class PaymentsBrowserIT {
    /** Characters that have a special meaning in a URL, in HTML, in a message pattern or in a shell. */
    private static final String ODD = "a/b%2F?c=d&e#f+g;h'i\"j<b>k\\l{0}|m^n`$(o)~";

    @TempDir
    static Path folder;

    private static ServerFixture scene;
    private static Chromium chromium;
    private static String merchant;
    private ConsolePage screen;
    private Page page;

    @BeforeAll
    static void start() {
        // The channel is queried only on request.
        scene = new ServerFixture(folder.resolve("data"), Map.of(Setting.QUERY_LADDER, "1h"));
        merchant = scene.merchant();
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        scene.close();
    }

    @BeforeEach
    void open() {
        scene.shop.answer(200);
        screen = chromium.open(scene.server.address());
        page = screen.page;
    }

    @AfterEach
    void close() {
        try (ConsolePage ended = screen) {
            assertThat(ended.browserErrors()).isEmpty();
        }
    }

    /** Creates a payment at the simulated bank; returns its id. */
    private static String pay(String number, String options) {
        return scene.operator
                .post(
                        "/v1/payments",
                        "{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"" + number
                                + "\",\"amount\":{\"value\":123450,\"currency\":\"CNY\"},\"subject\":\"two <b>teas</b>\""
                                + ",\"channel\":\"simulator\"" + options + "}")
                .expect(201)
                .at("/id");
    }

    private static String mannered(String number, String manners) {
        return pay(number, ",\"channel_options\":{" + manners + "}");
    }

    /** Waits for a discrepancy of this payment. */
    private void awaitDiscrepancy(String payment) {
        page.waitForCondition(
                () -> scene.operator.get("/v1/discrepancies").text().contains(payment));
    }

    private Locator event(String text) {
        return page.locator(".timeline .event", new Page.LocatorOptions().setHasText(text));
    }

    @Test
    void anOrderIsFoundPaidAtTheBankAndItsTimelineTellsTheWholeStory() {
        pay("P1001", "");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/payments");
        page.fill("#q", "P1001");
        screen.follow(() -> page.locator("#results a", new Page.LocatorOptions().setHasText("P1001"))
                .click());
        assertThat(page.locator("h1")).hasText("P1001");
        assertThat(page.locator("#state")).hasText("Paying");
        assertThat(page.locator(".stage.now")).containsText("Paying");
        assertThat(page.locator(".stage.ahead")).hasCount(3);
        assertThat(event("Next query to the channel")).containsText("in ");
        screen.screenshot("order-paying");
        Page bank = page.context().newPage();
        bank.navigate(page.locator("#pay-url").getAttribute("href"));
        bank.getByRole(AriaRole.BUTTON).first().click();
        assertThat(page.locator("#state")).hasText("Succeeded");
        assertThat(page.locator("#summary")).containsText("The merchant acknowledged");
        assertThat(event("Payment created")).hasCount(1);
        assertThat(event("Order placed at the channel")).hasCount(1);
        assertThat(event("Callback applied")).containsText("Succeeded");
        assertThat(event("Notified the merchant of payment.succeeded")).containsText("HTTP 200");
        assertThat(page.locator(".event.ahead")).hasCount(0);
        Locator callback = event("Callback received");
        callback.locator("summary").click();
        assertThat(callback.locator("pre.bytes")).containsText("trade_no");
        screen.screenshot("order-succeeded");
    }

    @Test
    void whatIsOpenStaysOpenWhileTheStoryGoesOn() {
        scene.shop.answer(500);
        String id = mannered("P1002", "\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"duplicate\"");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/payments/" + id);
        assertThat(event("Notified the merchant of payment.succeeded").last()).containsText("Declined");
        event("Notified the merchant of payment.succeeded")
                .last()
                .locator("summary")
                .click();
        scene.shop.answer(200);
        assertThat(page.locator("#summary")).containsText("The merchant acknowledged");
        assertThat(event("Notified the merchant of payment.succeeded").last().locator("pre.bytes"))
                .isVisible();
    }

    @Test
    void theOperatorAsksTheChannelWhenACallbackIsLost() {
        String id = mannered("P1003", "\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"lost\"");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/payments/" + id);
        page.click("#sync");
        assertThat(page.locator(".notice.good")).containsText("The channel was queried");
        assertThat(page.locator("#state")).hasText("Succeeded");
        assertThat(event("Result found by query")).containsText("Succeeded");
        assertThat(page.locator("#sync, #close")).hasCount(0);
    }

    @Test
    void aPaymentIsClosedAfterASecondThoughtAndTheMerchantIsTold() {
        String id = mannered("P1004", "\"outcome\":\"never\"");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/payments/" + id);
        page.click("#close");
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        page.click("#close-confirm");
        assertThat(page.locator(".notice.good")).containsText("closed at the channel");
        assertThat(page.locator("#state")).hasText("Closed");
        assertThat(event("Notified the merchant of payment.closed")).containsText("Acknowledged");
        screen.screenshot("order-closed");
        screen.go("/audit");
        assertThat(page.locator("table")).containsText("Closed a payment");
    }

    @Test
    void aNotificationAndItsOrderLeadToEachOtherWhateverStandsInItsNumber() {
        String id = mannered(quoted(ODD), "\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"prompt\"");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/payments");
        page.fill("#q", ODD);
        page.locator("#results a", new Page.LocatorOptions().setHasText(ODD)).click();
        assertThat(page).hasURL(scene.server.address() + "/payments/" + id);
        assertThat(page.locator("h1")).hasText(ODD);
        page.locator(".notifications a").click();
        assertThat(page.locator("h1")).hasText(ODD);
        page.click("#order-link");
        assertThat(page.locator("h1")).hasText(ODD);
        assertThat(page).hasURL(scene.server.address() + "/payments/" + id);
    }

    /** The text as JSON writes it, without quotation marks. */
    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String send(String number, String more) {
        return scene.operator
                .post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + merchant + "\",\"order_no\":\"" + quoted(number)
                                + "\",\"event_type\":\"order.shipped\"" + more + "}")
                .expect(202)
                .at("/id");
    }

    @Test
    void anOrderThatIsKeptElsewhereIsFoundAndFollowedWhateverStandsInItsNumber() {
        scene.shop.answer(500);
        String number = "E-" + ODD;
        send(number, ",\"payload\":\"" + quoted(ODD) + "\",\"ladder\":[" + "\"3s\",".repeat(49) + "\"3s\"]");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/notifications");
        page.fill("#q", number);
        screen.follow(() -> page.locator("#results a", new Page.LocatorOptions().setHasText(number))
                .click());
        page.click("#copy-curl");
        assertThat(page.locator("#toast")).containsText("Copied");
        assertThat(words(page.evaluate("() => navigator.clipboard.readText()").toString()))
                .contains(scene.shop.url(), "Rung-Event-Type: order.shipped", "\"" + quoted(ODD) + "\"");
        page.click("#order-link");
        assertThat(page.locator("h1")).hasText(number);
        scene.shop.answer(200);
        assertThat(event("Notified the merchant of order.shipped").first()).containsText("Acknowledged");
        screen.switchTo(Language.CHINESE);
        assertThat(page.locator("h1")).hasText(number);
        String address = page.url();
        page.context().clearCookies();
        page.navigate(address);
        page.fill("#key", ServerFixture.VIEWER_KEY);
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText(number);
        assertThat(page).hasURL(address);
    }

    /** The arguments into which a shell splits a command, one per line. */
    private static List<String> words(String command) {
        try {
            Process shell = new ProcessBuilder("sh", "-c", "curl() { printf '%s\\n' \"$@\"; }\n" + command).start();
            return shell.inputReader().readAllLines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void blanksAtTheEndsBelongToAnOrdersNumber() {
        String id = send(" E2 ", ",\"payload\":1");
        screen.signIn(ServerFixture.VIEWER_KEY, "/notifications/" + id);
        page.click("#order-link");
        assertThat(page.locator("#summary")).containsText("No payment is stored");
    }

    @Test
    void anOrderThatIsKeptElsewhereHasATimelineOfItsNotifications() {
        send("E1", ",\"payload\":{}");
        screen.signIn(ServerFixture.VIEWER_KEY, "/notifications?q=E1");
        page.locator("#results a", new Page.LocatorOptions().setHasText("E1")).click();
        page.click("#order-link");
        assertThat(page.locator("#summary")).containsText("No payment is stored");
        assertThat(event("Notified the merchant of order.shipped")).containsText("Acknowledged");
        screen.screenshot("order-elsewhere");
    }

    @Test
    void aDiscrepancyIsResolvedWithANoteAndThatIsWrittenDown() {
        String id = mannered("P1006", "\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"wrong-amount\"");
        awaitDiscrepancy(id);
        screen.signIn(ServerFixture.OPERATOR_KEY, "/payments");
        page.locator("#open-discrepancies a").click();
        page.locator("tr", new Page.LocatorOptions().setHasText(id))
                .locator("a.strong")
                .click();
        assertThat(page.locator("h1")).hasText("Amount mismatch");
        assertThat(page.locator("#payment-link")).hasText("P1006");
        String discrepancy = page.url().replaceAll(".*/", "");
        page.fill("#note", "Refunded by hand,\n<agreed> with the shop");
        page.click("#resolve-do");
        assertThat(page.locator("#state")).hasText("Resolved");
        assertThat(page.locator("#note-given")).hasText("Refunded by hand, <agreed> with the shop");
        assertThat(page.locator("#note")).hasCount(0);
        screen.go("/discrepancies");
        assertThat(page.locator("main")).not().containsText(id);
        screen.go("/discrepancies?show=all");
        assertThat(page.locator("tr", new Page.LocatorOptions().setHasText(id))).containsText("Refunded by hand");
        screen.go("/audit");
        Locator deed = page.locator("tbody tr", new Page.LocatorOptions().setHasText(discrepancy));
        assertThat(deed).containsText("Resolved a discrepancy");
        assertThat(deed).containsText("operator");
        assertThat(deed).containsText("<agreed> with the shop");
        deed.locator("a").click();
        assertThat(page.locator("#state")).hasText("Resolved");
    }

    @Test
    void aViewerSeesEverythingAndIsOfferedNoChange() {
        String id = mannered("P1007", "\"outcome\":\"never\"");
        awaitDiscrepancy(
                mannered("P1008", "\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"wrong-amount\""));
        screen.signIn(ServerFixture.VIEWER_KEY, "/payments/" + id);
        assertThat(page.locator("#state")).hasText("Paying");
        assertThat(page.locator("#sync, #close, #close-dialog")).hasCount(0);
        screen.go("/discrepancies");
        page.locator("td a.strong").first().click();
        assertThat(page.locator("h2").first()).containsText("Meaning and resolution");
        assertThat(page.locator("#note, #resolve-do")).hasCount(0);
    }
}
