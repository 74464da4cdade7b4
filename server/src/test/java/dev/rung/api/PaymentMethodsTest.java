package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.client.NewPayment;
import dev.rung.client.PaymentMethod;
import dev.rung.client.PaymentState;
import dev.rung.client.PaymentWay;
import dev.rung.client.RungClient;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import dev.rung.settings.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways to pay, over the API, on the simulated bank. */
class PaymentMethodsTest {
    private static final String CODE = "134650109137345678";

    @TempDir
    private static Path dataDir;

    private static ServerFixture scene;
    private static String merchant;

    @BeforeAll
    static void start() {
        scene = new ServerFixture(dataDir, Map.of(Setting.QUERY_LADDER, "1s,2s"));
        merchant = scene.merchant();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static TestResponse pay(String number, String more) {
        return scene.operator.post("/v1/payments", """
                {"merchant_id":"%s","out_trade_no":"%s","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
                 "channel":"simulator"%s}""".formatted(merchant, number, more));
    }

    private static void isTold(String number, String... texts) {
        await().untilAsserted(() -> assertThat(scene.shop.received())
                .filteredOn(r -> r.body().contains("\"" + number + "\""))
                .singleElement()
                .satisfies(r -> assertThat(r.body()).contains(texts)));
    }

    @Test
    void theAccountNamesItsMethods() {
        assertThat(scene.operator
                        .get("/v1/channels")
                        .expect(200)
                        .json()
                        .at("/data/0/methods")
                        .values())
                .extracting(method -> method.asString())
                .containsExactly("page", "qr", "wap", "app", "jsapi", "barcode");
    }

    @Test
    void aScannedCodeIsAnsweredWithTheResultAndNeverShown() throws IOException {
        TestResponse paid = pay(
                        "B1", ",\"method\":\"barcode\",\"auth_code\":\"" + CODE + "\",\"attach\":\"table 7\\n茶\"")
                .expect(201);
        assertThat(paid.at("/state")).isEqualTo("succeeded");
        assertThat(paid.at("/method")).isEqualTo("barcode");
        isTold("B1", "\"state\":\"succeeded\"", "\"attach\":\"table 7\\u000a茶\"}");
        String id = paid.at("/id");
        assertThat(List.of(
                        paid.json().toString(),
                        scene.operator
                                .get("/v1/payments/" + id)
                                .expect(200)
                                .json()
                                .toString(),
                        scene.operator
                                .get("/v1/payments/" + id + "/timeline")
                                .expect(200)
                                .json()
                                .toString()))
                .noneMatch(text -> text.contains(CODE));
        try (Stream<Path> files = Files.walk(dataDir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(CODE);
            }
        }
        assertThat(pay("B1", ",\"method\":\"barcode\",\"auth_code\":\"134650109137345679\"")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aPayerWhoDoesNotConfirmIsCancelled() {
        TestResponse paying = pay(
                        "B2",
                        ",\"method\":\"barcode\",\"auth_code\":\"" + CODE
                                + "\",\"channel_options\":{\"outcome\":\"never\"},\"expires_in\":\"1s\"")
                .expect(201);
        assertThat(paying.at("/state")).isEqualTo("paying");
        isTold("B2", "\"state\":\"closed\"", "\"paid_at\":null}");
    }

    @Test
    void aClientIsGivenSignedParameters() {
        TestResponse placed = pay("J1", ",\"method\":\"jsapi\",\"payer_id\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"")
                .expect(201);
        String id = placed.at("/id");
        await().until(() ->
                !scene.operator.get("/v1/payments/" + id).at("/state").equals("created"));
        TestResponse shown = scene.operator.get("/v1/payments/" + id).expect(200);
        assertThat(shown.json().get("pay_url").isNull()).isTrue();
        assertThat(shown.at("/pay_params/pay_url")).startsWith(scene.server.address() + "/banks/simulator/pay/");
        assertThat(shown.at("/payer_id")).isEqualTo("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"method\":\"barcode\"|auth_code",
                "\"method\":\"jsapi\"|payer_id",
                "\"method\":\"qr\",\"auth_code\":\"134650109137345678\"|auth_code",
                "\"payer_id\":\"a\"|payer_id",
                "\"method\":\"card\"|method",
                "\"return_url\":\"javascript:alert(1)\"|return_url",
                "\"payer_ip\":\"shop.example\"|payer_ip",
                "\"attach\":\"\"|attach"
            })
    void anInvalidWayIsRefused(String fields, String field) {
        pay("X1", "," + fields).expectInvalid(field);
    }

    @Test
    void anAttachOfMoreThan512CharactersIsRefused() {
        pay("X2", ",\"attach\":\"" + "茶".repeat(512) + "\"").expect(201);
        pay("X3", ",\"attach\":\"" + "茶".repeat(513) + "\"").expectInvalid("attach");
    }

    @Test
    void theSdkPaysInEachWay() {
        RungClient rung = new RungClient(scene.server.address(), ServerFixture.OPERATOR_KEY);
        NewPayment payment =
                NewPayment.of(merchant, "S1", new dev.rung.client.Amount(1230, "CNY"), "two teas", "simulator");
        dev.rung.client.Payment paid = rung.createPayment(
                        payment.payingBy(PaymentWay.barcode(CODE)).withAttach("table 7"))
                .payment();
        assertThat(paid.state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(paid.method()).isEqualTo(PaymentMethod.BARCODE);
        assertThat(paid.attach()).isEqualTo("table 7");
        assertThat(payment.payingBy(PaymentWay.barcode(CODE)).toString()).doesNotContain(CODE);
    }
}
