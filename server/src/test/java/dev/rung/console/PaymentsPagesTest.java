package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.fixture.ServerFixture;
import dev.rung.settings.Setting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of payments and discrepancies, without a browser. */
class PaymentsPagesTest {
    @TempDir
    static Path folder;

    private static ServerFixture scene;
    private static String merchant;
    private static ConsoleHttpClient operator;
    private static ConsoleHttpClient viewer;

    @BeforeAll
    static void start() {
        scene = new ServerFixture(folder.resolve("data"), Map.of(Setting.REFUND_LIMIT, "1000.00 CNY"));
        merchant = scene.merchant();
        operator = new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.OPERATOR_KEY);
        viewer = new ConsoleHttpClient(scene.server.address()).signIn(ServerFixture.VIEWER_KEY);
    }

    @AfterAll
    static void stop() {
        operator.close();
        viewer.close();
        scene.close();
    }

    private static String pay(String number, String subject) {
        String id = scene.operator
                .post(
                        "/v1/payments",
                        "{\"merchant_id\":\"" + merchant + "\",\"out_trade_no\":\"" + number
                                + "\",\"amount\":{\"value\":5,\"currency\":\"JPY\"},\"subject\":\"" + subject
                                + "\",\"channel\":\"simulator\",\"channel_options\":{\"outcome\":\"never\"}}")
                .expect(201)
                .at("/id");
        await().pollDelay(Duration.ZERO)
                .until(() ->
                        scene.operator.get("/v1/payments/" + id).at("/state").equals("paying"));
        return id;
    }

    @Test
    void theListNarrowsByNumberStateChannelAndMerchant() {
        pay("L1", "tea");
        pay("L2", "tea");
        assertThat(operator.get("/payments?q=L1").body()).contains("L1").doesNotContain(">L2<");
        assertThat(operator.get("/payments?state=paying&channel=simulator&merchant=" + merchant)
                        .body())
                .contains(">L1<", ">L2<", "5 JPY");
        assertThat(operator.get("/payments?state=failed").body()).contains("No payments match");
        assertThat(operator.get("/payments?channel=alipay").body()).contains("No payments match");
        assertThat(operator.get("/payments?merchant=unknown").body()).contains("No merchant with this name");
    }

    @Test
    void whatWaitsForApprovalIsListedAndDecided() {
        assertThat(operator.get("/approvals").body()).contains("Nothing waits for approval");
        assertThat(operator.get("/").body()).doesNotContain("id=\"approvals\"");
        String payment = scene.operator
                .post(
                        "/v1/payments",
                        "{\"merchant_id\":\"" + merchant
                                + "\",\"out_trade_no\":\"BIG\",\"amount\":{\"value\":200000,\"currency\":\"CNY\"},"
                                + "\"subject\":\"tea\",\"channel\":\"simulator\",\"channel_options\":{\"pay_after\":\"0s\"}}")
                .expect(201)
                .at("/id");
        await().until(() ->
                scene.operator.get("/v1/payments/" + payment).at("/state").equals("succeeded"));
        String refund = scene.operator
                .post(
                        "/v1/payments/" + payment + "/refunds",
                        "{\"out_refund_no\":\"R-BIG\",\"amount\":{\"value\":150000,\"currency\":\"CNY\"},"
                                + "\"reason\":\"the order was cancelled\"}")
                .expect(201)
                .at("/id");
        assertThat(operator.get("/approvals").body())
                .contains("1,500.00 CNY", "the order was cancelled", "BIG", "Tea House", refund + "/approve");
        assertThat(viewer.get("/approvals").body()).contains(refund).doesNotContain(refund + "/approve");
        await().until(() -> operator.get("/").body().contains("1 request waits for another person"));

        String decision = "/payments/" + payment + "/refunds/" + refund;
        assertThat(operator.change(decision + "/approve", Map.of()).statusCode())
                .as("by the requester")
                .isEqualTo(403);
        try (ConsoleHttpClient bob = new ConsoleHttpClient(scene.server.address())
                .signIn(scene.operator
                        .post("/v1/keys", "{\"name\":\"bob\",\"role\":\"operator\"}")
                        .expect(201)
                        .at("/key"))) {
            assertThat(bob.change(decision + "/approve", Map.of()).statusCode()).isEqualTo(303);
        }
        assertThat(operator.get("/approvals").body()).contains("Nothing waits for approval");
    }

    @Test
    void withoutAReceiverOfAlertsThePageSaysSo() {
        assertThat(operator.get("/alerts").body()).contains("--alerts-url is not set");
        assertThat(operator.change("/alerts/test", Map.of()).statusCode()).isEqualTo(409);
    }

    @Test
    void anIdLeadsStraightToItsOrder() {
        String id = pay("I1", "tea");
        HttpResponse<String> answer = operator.get("/payments?q=" + id);
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("location")).contains("/payments/" + id);
        assertThat(operator.get("/orders/" + merchant + "?no=I1").headers().firstValue("location"))
                .contains("/payments/" + id);
    }

    @Test
    void anOlderPageBeginsWhereTheOneBeforeItEnded() {
        for (int i = 0; i < 51; i++) {
            pay("K" + i, "keyset");
        }
        String newest = operator.get("/payments?merchant=" + merchant).body();
        String older = newest.replaceAll("(?s).*href=\"(/payments\\?[^\"]*before=pay_[^\"]*)\".*", "$1")
                .replace("&amp;", "&");
        assertThat(newest).contains(">K50<").doesNotContain(">K0<");
        assertThat(operator.get(older).body()).contains(">K0<").doesNotContain(">K50<");
    }

    @Test
    void aViewerMayNeitherAskNorCloseNorResolve() {
        String id = pay("V1", "tea");
        for (String deed : new String[] {
            "/payments/" + id + "/sync", "/payments/" + id + "/close", "/discrepancies/dsc_0000000000000/resolve"
        }) {
            HttpResponse<String> answer = viewer.change(deed, Map.of("note", "done"));
            assertThat(answer.statusCode()).as(deed).isEqualTo(403);
            assertThat(answer.body()).as(deed).contains("Viewers have read-only access");
        }
        assertThat(viewer.get("/payments/" + id).body()).contains("Paying").doesNotContain("id=\"sync\"");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String path : new String[] {
            "/payments/pay_0000000000000",
            "/payments/nonsense",
            "/payments/pay_0000000000000/callbacks/1",
            "/orders/" + merchant + "?no=none",
            "/orders/mch_0000000000001?no=pay_0000000000000",
            "/discrepancies/dsc_0000000000000"
        }) {
            assertThat(operator.get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void aCallbackThatFailsVerificationIsInTheStoryOfThePaymentThatItNames() {
        String id = pay("F1", "tea");
        String other = pay("F2", "tea");
        String forged = "{\"out_trade_no\":\"" + id + "\",\"state\":\"paid\"}";
        scene.anonymous.post("/callbacks/simulator", forged);

        String page = operator.get("/payments/" + id).body();
        assertThat(page).contains("Callback rejected: verification failed");
        String body = page.replaceAll("(?s).*\"(/payments/" + id + "/callbacks/[0-9a-z]+/body)\".*", "$1");
        assertThat(operator.get(body).body()).isEqualTo(forged);
        assertThat(operator.get(body.replace(id, other)).statusCode()).isEqualTo(404);
        assertThat(operator.get("/payments/" + other).body()).doesNotContain("could not be verified");
    }

    @Test
    void theStoryIsSentAgainOnlyWhenItHasGoneOn() {
        String id = pay("S1", "tea");
        // A query may come between two requests, but hardly every time.
        String again =
                await().until(() -> stampOf(id), stamp -> operator.get(stamp).statusCode() == 204);
        scene.operator.post("/v1/payments/" + id + "/close").expect(200);
        assertThat(operator.get(again).body()).contains("Closed at the channel").doesNotContain("<html");
    }

    /** The URL at which the page asks for changes of the timeline. */
    private static String stampOf(String id) {
        String page = operator.get("/payments/" + id).body();
        return page.replaceAll("(?s).*hx-get=\"(/payments/" + id + "/live\\?seen=[0-9a-f]+)\".*", "$1");
    }

    @Test
    void theWordsOfAPayerAreNoMarkup() {
        String id = pay("X1", "<script>alert(1)</script>");
        assertThat(operator.get("/payments/" + id).body()).doesNotContain("<script>alert");
        assertThat(operator.get("/payments?q=X1").body()).doesNotContain("<script>alert");
    }
}
