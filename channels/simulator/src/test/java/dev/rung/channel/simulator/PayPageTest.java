package dev.rung.channel.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayPageTest {
    private static final AtomicLong IDS = new AtomicLong(1);

    @TempDir
    private static Path dataDir;

    private static SimulatorFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new SimulatorFixture(dataDir);
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static String page(@Nullable String options) {
        Payment payment = SimulatorFixture.payment(IDS.getAndAdd(2), options);
        return ((Placement.Placed) fixture.channel.place(payment)).payUrl();
    }

    @Test
    void showsWhatIsPaidForAndWhatEachButtonDoes() {
        HttpResponse<String> page = fixture.browse(page(null), null, "en-GB,en;q=0.8");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("<html lang=\"en\">", "Pay CN¥12.30", "Pay, but lose the callback", "Leave without paying")
                .contains("two &lt;b&gt;teas&lt;/b&gt; &amp; &quot;more&quot;, 两杯茶")
                .doesNotContain("<script", "<b>");
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe"));
        assertThat(page.headers().firstValue("cache-control")).contains("no-store");
    }

    @Test
    void itLeadsBackToTheShop() {
        Payment payment = SimulatorFixture.payment(
                IDS.getAndAdd(2),
                null,
                new Payment.Checkout(PaymentMethod.PAGE, "https://shop.example/back?order=1&x=\"茶", null, null, null));
        String url = String.valueOf(((Placement.Placed) fixture.channel.place(payment)).payUrl());
        String link =
                "<a rel=\"noreferrer\" href=\"https://shop.example/back?order=1&amp;x=&quot;茶\">Back to the shop</a>";
        assertThat(fixture.browse(url, null, "en").body()).doesNotContain(link);

        String left = fixture.browse(url, "leave", "en")
                .headers()
                .firstValue("location")
                .orElseThrow();
        assertThat(fixture.browse(URI.create(url).resolve(left).toString(), null, "en")
                        .body())
                .contains("Unpaid", link);
        String paid = fixture.browse(url, "pay", "en")
                .headers()
                .firstValue("location")
                .orElseThrow();
        assertThat(fixture.browse(URI.create(url).resolve(paid).toString(), null, "en")
                        .body())
                .contains(link);
        assertThat(fixture.browse(url.replace("https", "javascript"), null, "en")
                        .body())
                .doesNotContain("Back to the shop");
    }

    @Test
    void speaksChineseToABrowserThatAcceptsIt() {
        String url = page(null);
        assertThat(fixture.browse(url, null, "zh-CN,zh;q=0.9,en;q=0.8").body())
                .contains("<html lang=\"zh-Hans\">", "支付 ¥12.30", "支付，但通知丢失");
        assertThat(fixture.browse(url, null, "fr, zh;q=0.5").body()).contains("模拟银行");
        assertThat(fixture.browse(url, null, "fr, de").body()).contains("Simulated bank");
        assertThat(fixture.browse(url, null, ";;;q=x").body()).contains("Simulated bank");
    }

    @Test
    void whatWasPressedIsShownAndReloadingPressesNothing() {
        String url = page(null);
        HttpResponse<String> pressed = fixture.browse(url, "pay_and_lose", "en");
        assertThat(pressed.statusCode()).isEqualTo(303);
        String there = URI.create(url)
                .resolve(pressed.headers().firstValue("location").orElseThrow())
                .toString();
        assertThat(there).isEqualTo(url);
        String paid = fixture.browse(there, null, "en").body();
        assertThat(paid)
                .contains("Paid: CN¥12.30", "The callback was lost.", "Trade number")
                .doesNotContain("<button");
        fixture.browse(url, "fail", "en");
        assertThat(fixture.browse(url, null, "en").body()).contains("Paid: CN¥12.30");
    }

    @Test
    void whoWalksAwayCanComeBack() {
        String url = page(null);
        String location = fixture.browse(url, "leave", "en")
                .headers()
                .firstValue("location")
                .orElseThrow();
        String left = URI.create(url).resolve(location).toString();
        assertThat(fixture.browse(left, null, "en").body())
                .contains("You left without paying", "Back to the order")
                .doesNotContain("<button");
        assertThat(fixture.browse(url, null, "en").body()).contains("<button");
        assertThat(fixture.browse(left, "pay", "en").statusCode()).isEqualTo(303);
        assertThat(fixture.browse(left, null, "en").body()).contains("Paid:");
    }

    @Test
    void anOrderThatWillNotBePaidHasNoButtons() {
        assertThat(fixture.browse(page("{\"outcome\":\"never\"}"), null, "en").body())
                .contains("this order will not be paid")
                .doesNotContain("<button");
    }

    @Test
    void whoHasNoOrderIsToldSoAndNothingElse() {
        for (String path : List.of("/pay/nothing", "/", "/pay/", "/x")) {
            HttpResponse<String> page = fixture.browse(fixture.url() + path, null, "en");
            assertThat(page.statusCode()).as(path).isEqualTo(404);
            assertThat(page.body()).contains("Order not found");
        }
        assertThat(fixture.browse(fixture.url() + "/pay/nothing", "pay", "en").statusCode())
                .isEqualTo(404);
        assertThat(fixture.browse(fixture.url() + "/style.css", null, "en").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "1230, CNY, en, CN¥12.30",
        "1230, CNY, zh, ¥12.30",
        "1230, JPY, en, '¥1,230'",
        "1, USD, en, $0.01",
        "1234, KWD, en, KWD1.234",
        "9223372036854775807, USD, en, '$92,233,720,368,547,758.07'"
    })
    void amountsAreExactInTheirCurrencysOwnDigits(long value, String currency, String language, String shown) {
        assertThat(PayPageMessages.of(language)
                        .amount(Money.of(value, currency))
                        .replace('\u00a0', ' '))
                .isEqualTo(shown);
    }

    @Test
    void bothLanguagesSayEverything() {
        var control = ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
        String name = "dev.rung.channel.simulator.messages";
        ResourceBundle chinese = ResourceBundle.getBundle(name, Locale.CHINESE, control);
        assertThat(chinese.getLocale()).isEqualTo(Locale.CHINESE);
        for (String key : ResourceBundle.getBundle(name, Locale.ROOT, control).keySet()) {
            assertThat(((java.util.PropertyResourceBundle) chinese).handleGetObject(key))
                    .as(key)
                    .isNotNull();
        }
    }
}
