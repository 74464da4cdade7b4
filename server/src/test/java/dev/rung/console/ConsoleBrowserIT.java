package dev.rung.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.rung.server.fixture.ServerFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser. */
class ConsoleBrowserIT {
    @TempDir
    static Path folder;

    private static ServerFixture scene;
    private static Chromium chromium;
    private ConsolePage screen;
    private Page page;

    @BeforeAll
    static void start() {
        scene = new ServerFixture(folder.resolve("data"));
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

    private static String send(String merchant, String orderNo, String more) {
        return scene.operator
                .post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + merchant + "\",\"order_no\":\"" + orderNo
                                + "\",\"event_type\":\"payment.succeeded\",\"payload\":{\"amount\":12.30,\"note\":\"it's <b>tea</b>\"}"
                                + more + "}")
                .expect(202)
                .at("/id");
    }

    @Test
    void theOperatorSignsInFindsAnOrderAndSeesItClimbAndBeDelivered() {
        String merchant = scene.merchant();
        scene.shop.answer(500);
        // Long enough that the delivery is still waiting on a slow machine.
        send(merchant, "T1001", ",\"ladder\":[" + "\"5s\",".repeat(48) + "\"5s\"]");
        page.navigate("/notifications");
        assertThat(page).hasTitle("Sign in · Rung");
        page.fill("#key", ServerFixture.OPERATOR_KEY);
        screen.follow(() -> page.keyboard().press("Enter"));
        page.fill("#q", "T1001");
        page.waitForURL("**/notifications?q=T1001");
        screen.follow(() -> page.locator("#results a", new Page.LocatorOptions().setHasText("T1001"))
                .click());
        assertThat(page.locator("h1")).hasText("T1001");
        assertThat(page.locator("#state")).hasText("Waiting");
        assertThat(page.locator(".step.past.bad").nth(1)).isVisible();
        assertThat(page.locator(".step.next .countdown")).containsText("in ");
        screen.screenshot("notification-waiting");
        page.locator(".step.past.bad summary").first().click();
        scene.shop.answer(200);
        assertThat(page.locator("#state")).hasText("Delivered");
        assertThat(page.locator(".step.past.good")).hasCount(1);
        assertThat(page.locator("details[open]")).hasCount(1);
        page.locator(".step.past.good summary").click();
        assertThat(page.locator(".step.past.good details")).containsText("shop's answer");
        assertThat(page.locator("pre.bytes").last()).containsText("\"amount\": 12.30");
        assertThat(page.locator("pre.bytes").last()).containsText("it's <b>tea</b>");
        screen.screenshot("notification-delivered");
    }

    @Test
    void aLinkOfTheDemoSignsInWithAKeyThatNeitherServerNorAddressBarSees() {
        List<String> asked = new ArrayList<>();
        page.onRequest(request -> asked.add(request.url()));
        String link = "/sign-in#key=" + ServerFixture.OPERATOR_KEY;
        page.navigate(link);
        assertThat(page.locator("h1")).hasText("Overview");
        page.navigate("/merchants");
        page.navigate(link); // a signed-in user is redirected, and the browser keeps the part after the #
        assertThat(page.locator("h1")).hasText("Overview");
        page.waitForFunction("() => location.hash === ''");
        assertThat(page).hasURL(scene.server.address() + "/");
        assertThat(asked.stream().filter(url -> !url.contains("#")))
                .noneMatch(url -> url.contains(ServerFixture.OPERATOR_KEY));
        page.goBack();
        assertThat(page.locator("h1")).hasText("Merchants");
    }

    @Test
    void aDeliveredOneIsSentAgain() {
        String id = send(scene.merchant(), "T1002", "");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/notifications/" + id);
        assertThat(page.locator(".step.past.good")).hasCount(1);
        page.click("#resend");
        assertThat(page.locator(".notice.good")).containsText("being sent again");
        assertThat(page.locator(".step.past.good")).hasCount(2);
        assertThat(page.locator("#state")).hasText("Delivered");
    }

    @Test
    void aWaitingOneIsCancelledAfterASecondThought() {
        scene.shop.answer(500);
        String id = send(scene.merchant(), "T1003", "");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/notifications/" + id);
        page.click("#cancel");
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        page.click("#cancel-confirm");
        assertThat(page.locator("#state")).hasText("Cancelled");
        assertThat(page.locator("#cancel")).hasCount(0);
    }

    @Test
    void theCommandThatIsCopiedSendsTheSameWithASignatureOfItsOwn() {
        String id = send(scene.merchant(), "T1004", "");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/notifications/" + id);
        page.click("#copy-curl");
        assertThat(page.locator("#toast")).containsText("Copied");
        String command = page.evaluate("() => navigator.clipboard.readText()").toString();
        assertThat(command)
                .startsWith("curl -i -X POST '" + scene.shop.url() + "'")
                .contains("Webhook-Id: " + id, "Webhook-Signature: v1,", "it'\\''s <b>tea</b>");
    }

    @Test
    void aViewerSeesEverythingAndIsOfferedNoChange() {
        scene.shop.answer(500);
        String id = send(scene.merchant(), "T1005", "");
        screen.signIn(ServerFixture.VIEWER_KEY, "/notifications/" + id);
        assertThat(page.locator("#state")).hasText("Waiting");
        assertThat(page.locator("#resend, #cancel, #copy-curl")).hasCount(0);
        int status = page.request().get("/notifications/" + id + "/curl").status();
        assertThat(status).isEqualTo(403);
    }

    @Test
    void theOverviewIsLiveAndShowsWhoStandsWhere() {
        scene.shop.answer(500);
        String merchant = scene.merchant();
        screen.signIn(ServerFixture.OPERATOR_KEY, "/");
        for (int i = 0; i < 5; i++) {
            send(merchant, "L" + i, "");
        }
        assertThat(page.locator(".ladder .figure").first()).isVisible();
        assertThat(page.locator("#failing")).containsText("Tea House");
        assertThat(page.locator(".uplot")).hasCount(3);
        screen.screenshot("overview");
    }

    @Test
    void theLanguageIsSwitched() {
        screen.signIn(ServerFixture.OPERATOR_KEY, "/notifications").switchTo(Language.CHINESE);
        assertThat(page.locator("h1")).hasText("通知");
        assertThat(page.locator("html")).hasAttribute("lang", "zh-CN");
        screen.switchTo(Language.ENGLISH);
        assertThat(page.locator("h1")).hasText("Notifications");
    }

    @Test
    void timesAreInTheBrowsersZoneWithUtcOnHover() {
        String id = send(scene.merchant(), "T1006", ",\"deliver_at\":\"2030-01-01T20:00:00Z\"");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/notifications/" + id);
        var time = page.locator(".step.next time:not(.countdown)");
        assertThat(time).containsText("2 Jan 2030");
        assertThat(time).containsText("04:00:00");
        assertThat(time).hasAttribute("title", "2030-01-01 20:00:00.000 UTC");
    }

    @Test
    void aWaitThatTheMerchantAskedForIsExplained() {
        scene.shop.answerRetryAfter(500, 600);
        String id = send(scene.merchant(), "T1007", "");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/notifications/" + id);
        assertThat(page.locator("#wait")).containsText("Retry-After");
        assertThat(page.locator(".step.next .countdown")).containsText(" min");
        screen.switchTo(Language.CHINESE);
        assertThat(page.locator("#wait")).containsText("商户要求");
        assertThat(page.locator(".step.next .countdown")).containsText(" 分");
        scene.shop.answer(200);
    }

    @Test
    void aThrottledNotificationIsExplained() {
        scene.shop.answerRetryAfter(503, 600);
        String id = send(scene.merchant(), "T1008", "");
        screen.signIn(ServerFixture.OPERATOR_KEY, "/notifications/" + id);
        assertThat(page.locator(".step.past")).containsText("Throttled");
        assertThat(page.locator("#wait")).containsText("asked for fewer requests");
        screen.switchTo(Language.CHINESE);
        assertThat(page.locator(".step.past")).containsText("被限流");
        scene.shop.answer(200);
    }

    @Test
    void aMerchantIsMadeAndItsSecretShownOnce() {
        screen.signIn(ServerFixture.OPERATOR_KEY, "/merchants");
        screen.follow(() -> page.click("#new-merchant"));
        page.fill("#name", "Noodle Bar");
        page.fill("#notify_url", scene.shop.url());
        page.selectOption("#ladder", "own");
        page.fill("#steps", "1s, 2d");
        page.click("#save");
        assertThat(page.locator("#ladder-error")).containsText("between 1s and 24h");
        page.fill("#steps", "1s, 2s");
        page.click("#save");
        assertThat(page.locator("#secret")).containsText("whsec_");
        screen.screenshot("secret");
        page.click("#to-merchant");
        assertThat(page.locator("h1")).hasText("Noodle Bar");
        assertThat(page.locator("#steps")).hasValue("1s, 2s");
        page.waitForLoadState();
        page.click("#test");
        assertThat(page.locator("#summary")).containsText("Acknowledged");
    }

    @Test
    void aKeyIsRotatedAndTheFormerOneGoesOnForAWhile() {
        String merchant = scene.merchant();
        screen.signIn(ServerFixture.OPERATOR_KEY, "/merchants/" + merchant);
        page.selectOption("#overlap", "1h");
        page.click("#rotate");
        assertThat(page.locator("#secret")).containsText("whsec_");
        page.click("#to-merchant");
        assertThat(page.locator(".notice.warn")).containsText("stays valid until");
        page.click("#new-key");
        assertThat(page.locator("#secret")).containsText("rung_mk_");
        page.click("#to-merchant");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Revoke the key"))
                .click();
        assertThat(page.locator("section", new Page.LocatorOptions().setHasText("API keys")))
                .containsText("No API keys.");
    }

    @Test
    void aMerchantIsPausedAndResumed() {
        String merchant = scene.merchant();
        screen.signIn(ServerFixture.OPERATOR_KEY, "/merchants/" + merchant);
        page.click("#pause");
        assertThat(page.locator("#health")).containsText("Paused");
        String id = send(merchant, "P1", "");
        page.navigate("/notifications/" + id);
        assertThat(page.locator(".badge.parked")).hasText("merchant paused");
        assertThat(page.locator("#summary")).containsText("The merchant is paused");
        page.navigate("/merchants/" + merchant);
        page.click("#pause");
        assertThat(page.locator("#health")).not().containsText("Paused");
        page.navigate("/notifications/" + id);
        assertThat(page.locator("#state")).hasText("Delivered");
    }

    @Test
    void manyAreCountedFirstAndThenSentAgain() {
        scene.shop.answer(500);
        String merchant = scene.merchant(",\"ladder\":[\"1s\"]");
        for (int i = 0; i < 3; i++) {
            send(merchant, "B" + i, "");
        }
        screen.signIn(ServerFixture.OPERATOR_KEY, "/notifications?merchant=" + merchant + "&state=exhausted");
        page.waitForCondition(() -> {
            page.reload();
            return page.locator("#results tbody tr").count() == 3;
        });
        scene.shop.answer(200);
        page.navigate("/resend?merchant=" + merchant);
        page.click("#count");
        assertThat(page.locator("#dry-run")).containsText("3");
        assertThat(page.locator("#dry-run")).containsText("match");
        screen.screenshot("resend");
        page.click("#run");
        assertThat(page.locator("#resent")).hasText("3 of 3 resent");
        page.navigate("/notifications?merchant=" + merchant + "&state=delivered");
        page.waitForCondition(() -> {
            page.reload();
            return page.locator("#results tbody tr").count() == 3;
        });
    }

    @Test
    void aLadderOfOnesOwnIsAddedAndDrawn() {
        screen.signIn(ServerFixture.OPERATOR_KEY, "/ladders");
        page.fill("#name", "patient");
        page.fill("#steps", "1h, 2h, tomorrow");
        page.click("#save");
        assertThat(page.locator("#steps-error")).containsText("Wait 3 is not a duration");
        page.fill("#steps", "1h, 2h, 24h");
        page.click("#save");
        assertThat(page.locator("#ladder-patient .ladder .rung")).hasCount(4);
        assertThat(page.locator("#ladder-patient")).containsText("after 1 d");
        screen.screenshot("ladders");
    }

    @Test
    void whatWasDoneIsWrittenDownWithWhoDidIt() {
        String merchant = scene.merchant();
        screen.signIn(ServerFixture.OPERATOR_KEY, "/merchants/" + merchant);
        page.click("#pause");
        assertThat(page.locator("#health")).containsText("Paused");
        page.navigate("/audit");
        assertThat(page.locator("tbody tr").first()).containsText("Paused a merchant");
        assertThat(page.locator("tbody tr").first()).containsText("operator");
        assertThat(page.locator("tbody tr").first().locator("a")).hasText(merchant);
    }
}
