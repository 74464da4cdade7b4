package dev.rung.channel.wechatpay;

import static dev.rung.channel.gateway.Orders.NOON;
import static dev.rung.channel.wechatpay.FakeWechatpay.MERCHANT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.FakeGateway.Said;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.Orders;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WechatpayChannelTest {
    private static final Payment PAYMENT = Orders.payment("wechatpay");
    private static final String NUMBER = PAYMENT.id().toString();
    private static final String NATIVE = "POST /v3/pay/transactions/native";
    private static final String QUERY = "GET /v3/pay/transactions/out-trade-no/" + NUMBER + "?mchid=" + MERCHANT;
    private static final String CLOSE = "POST /v3/pay/transactions/out-trade-no/" + NUMBER + "/close";
    private static final Evidence PAID =
            new Evidence.Paid("4200000001202611230001", Money.of(1230, "CNY"), Instant.parse("2026-11-23T04:03:04Z"));

    private Instant now = NOON.plusSeconds(1);
    private final FakeWechatpay wechatpay = new FakeWechatpay(() -> now);
    private final GatewayClient client = new GatewayClient(null);
    private final WechatpayChannel channel = new WechatpayChannel(
            wechatpay.account(),
            () -> URI.create("https://pay.example/callbacks/wechatpay"),
            client,
            () -> now,
            new Random(1),
            FakeWechatpay.NO_FILE);

    @AfterEach
    void close() {
        client.close();
        wechatpay.close();
    }

    private static String refusal(String code) {
        return "{\"code\":\"" + code + "\",\"message\":\"茶\"}";
    }

    @Test
    void theCheckNamesWhatWechatPayRefuses() {
        String check = "GET /v3/pay/transactions/out-trade-no/rung_check?mchid=" + MERCHANT;
        wechatpay.respond(check, 404, refusal("ORDER_NOT_EXIST"));
        assertThat(channel.check()).isEmpty();

        wechatpay.respond(check, 401, refusal("SIGN_ERROR"));
        assertThat(channel.check()).singleElement().asString().contains("SIGN_ERROR");

        wechatpay.close();
        assertThat(channel.check()).containsExactly("no connection to the gateway");
    }

    @Test
    void anOrderIsPlacedUnderItsIdWithAmountExpiryAndCallback() {
        wechatpay.respond(NATIVE, 200, "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}");

        assertThat(channel.place(PAYMENT)).isEqualTo(new Placement.Placed("weixin://wxpay/bizpayurl?pr=JyC91EIz1"));

        Asked asked = wechatpay.gateway.asked().getFirst();
        assertThat(asked.body())
                .asString(UTF_8)
                .isEqualTo(
                        "{\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1900000109\",\"description\":\"两杯茶 & more = 100%\","
                                + "\"out_trade_no\":\"" + NUMBER + "\",\"time_expire\":\"2026-11-23T12:15:00+08:00\","
                                + "\"notify_url\":\"https://pay.example/callbacks/wechatpay\","
                                + "\"amount\":{\"total\":1230,\"currency\":\"CNY\"}}");
        assertThat(asked.headers().getFirst("Wechatpay-Serial")).isEqualTo(FakeWechatpay.KEY_ID);
        assertThat(asked.headers().getFirst("Accept")).isEqualTo("application/json");
        assertThat(asked.headers().getFirst("Content-Type")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "400, PARAM_ERROR, true",
        "400, APPID_MCHID_NOT_MATCH, true",
        "403, NO_AUTH, true",
        "403, OUT_TRADE_NO_USED, false",
        "400, INVALID_REQUEST, false",
        "400, ORDERPAID, false",
        "429, FREQUENCY_LIMITED, false",
        "500, SYSTEM_ERROR, false"
    })
    void onlyWhatCanNeverBePlacedIsRejected(int status, String code, boolean rejected) {
        wechatpay.respond(NATIVE, status, refusal(code));

        String fault = status + " " + code + ": 茶";
        assertThat(channel.place(PAYMENT))
                .isEqualTo(rejected ? new Placement.Rejected(fault) : new Placement.Unclear(fault));
    }

    @Test
    void aRefusalThatIsNotSignedRejectsNothing() {
        wechatpay.gateway.behave(
                request -> new Said(400, Map.of(), refusal("PARAM_ERROR").getBytes(UTF_8)));

        assertThat(channel.place(PAYMENT))
                .isEqualTo(new Placement.Unclear("the gateway's response (400) is not signed: PARAM_ERROR 茶"));
    }

    @Test
    void anOrderThatExpiresNowIsNotPlacedAgain() {
        now = PAYMENT.expiresAt().minusSeconds(30);

        assertThat(channel.place(PAYMENT)).isInstanceOf(Placement.Unclear.class);
        assertThat(channel.place(Orders.payment("wechatpay", Money.of(1, "USD"), NOON.plusSeconds(900))))
                .isInstanceOf(Placement.Rejected.class);
        assertThat(wechatpay.gateway.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUCCESS", "REFUND"})
    void whatWasPaidIsPaidThoughItMayBeRefundedSince(String state) {
        wechatpay.respond(QUERY, 200, FakeWechatpay.transaction(NUMBER, state));

        Exchange exchange = channel.query(PAYMENT);

        assertThat(exchange.evidence()).isEqualTo(PAID);
        assertThat(exchange.answer()).contains(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOTPAY", "USERPAYING"})
    void whatIsOpenIsUnpaid(String state) {
        wechatpay.respond(QUERY, 200, FakeWechatpay.transaction(NUMBER, state));

        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.Unpaid());
    }

    @Test
    void whatIsClosedIsClosed() {
        wechatpay.respond(QUERY, 200, FakeWechatpay.transaction(NUMBER, "CLOSED"));

        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.Closed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"REVOKED", "PAYERROR", "ACCEPT", ""})
    void statesOfOtherKindsOfOrdersAreUnknown(String state) {
        wechatpay.respond(QUERY, 200, FakeWechatpay.transaction(NUMBER, state));

        assertThat(channel.query(PAYMENT).evidence()).isInstanceOf(Evidence.Unknown.class);
    }

    @Test
    void whatIsOfAnotherOrderMerchantOrAppIsUnknown() {
        String paid = FakeWechatpay.transaction(NUMBER, "SUCCESS");
        for (String other : new String[] {
            paid.replace(NUMBER, "pay_0000000000000"),
            paid.replace(MERCHANT, "1900000110"),
            paid.replace(FakeWechatpay.APP, "wx0"),
            paid.replace("\"total\":1230", "\"total\":12.30"),
            paid.replace("\"total\":1230", "\"total\":0"),
            paid.replace("\"transaction_id\"", "\"x\""),
            paid.replace("\"CNY\",\"payer_currency\"", "\"XXX\",\"payer_currency\""),
            "",
            "[]",
            "{}"
        }) {
            wechatpay.respond(QUERY, 200, other);
            assertThat(channel.query(PAYMENT).evidence()).as(other).isInstanceOf(Evidence.Unknown.class);
        }
        wechatpay.respond(QUERY, 200, paid.replace("\"CNY\",\"payer_currency\"", "\"HKD\",\"payer_currency\""));
        assertThat(channel.query(PAYMENT).evidence())
                .isInstanceOfSatisfying(
                        Evidence.Paid.class, e -> assertThat(e.amount()).isEqualTo(Money.of(1230, "HKD")));
    }

    @Test
    void anOrderThatWechatPayDoesNotHaveIsNotFound() {
        wechatpay.respond(QUERY, 404, refusal("ORDER_NOT_EXIST"));
        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.NotFound("404 ORDER_NOT_EXIST: 茶"));
    }

    @ParameterizedTest
    @CsvSource({"500, SYSTEM_ERROR", "429, FREQUENCY_LIMITED", "401, SIGN_ERROR"})
    void failuresAreUnknown(int status, String code) {
        wechatpay.respond(QUERY, status, refusal(code));

        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.Unknown(status + " " + code + ": 茶"));
    }

    @Test
    void aGatewayThatIsAwayIsUnknown() {
        wechatpay.close();

        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.Unknown("no connection to the gateway"));
        assertThat(channel.close(PAYMENT).evidence()).isInstanceOf(Evidence.Unknown.class);
        assertThat(channel.place(PAYMENT)).isInstanceOf(Placement.Unclear.class);
    }

    @Test
    void aCloseIsBelievedWhenItIsSigned() {
        wechatpay.respond(CLOSE, 204, "");

        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Closed());
        assertThat(wechatpay.gateway.asked().getFirst().body()).asString(UTF_8).isEqualTo("{\"mchid\":\"1900000109\"}");

        wechatpay.gateway.behave(request -> new Said(204, Map.of(), new byte[0]));
        assertThat(channel.close(PAYMENT).evidence()).isInstanceOf(Evidence.Unknown.class);
    }

    @Test
    void aCloseThatIsRefusedBecauseItIsPaidSaysPaid() {
        wechatpay.respond(CLOSE, 400, refusal("ORDERPAID"));
        wechatpay.respond(QUERY, 200, FakeWechatpay.transaction(NUMBER, "SUCCESS"));
        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(PAID);

        wechatpay.respond(QUERY, 200, FakeWechatpay.transaction(NUMBER, "NOTPAY"));
        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Unknown("400 ORDERPAID: 茶"));

        wechatpay.respond(CLOSE, 400, refusal("ORDER_CLOSED"));
        wechatpay.respond(QUERY, 200, FakeWechatpay.transaction(NUMBER, "CLOSED"));
        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Closed());
    }

    @Test
    void whatWasNeverPlacedIsClosedOnceItCannotBePaidAnyMore() {
        wechatpay.respond(CLOSE, 404, refusal("ORDER_NOT_EXIST"));
        now = PAYMENT.expiresAt().plusSeconds(60);
        assertThat(channel.close(PAYMENT).evidence()).isInstanceOf(Evidence.Unknown.class);

        now = PAYMENT.expiresAt().plusSeconds(61);
        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Closed());
    }

    @Test
    void acknowledgementsAreWechatPaysWords() {
        assertThat(channel.acknowledgement(true)).isEqualTo(new Acknowledgement(204, null, ""));
        assertThat(channel.acknowledgement(false))
                .isEqualTo(new Acknowledgement(
                        400, "application/json", "{\"code\":\"FAIL\",\"message\":\"not accepted\"}"));
    }

    @Test
    void thereAreNoOptions() {
        assertThat(channel.checkOptions(null)).isNull();
        assertThat(channel.checkOptions("{}")).isNotNull();
        assertThat(channel.name()).isEqualTo("wechatpay");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":\"PARAM_ERROR\",\"message\":\"平台证书序列号Wechatpay-Serial错误\"}",
                "{\"code\":\"PARAM_ERROR\",\"message\":\"参数错误\",\"detail\":{\"field\":\"Wechatpay-Serial\",\"location\":\"header\"}}",
            })
    void anErrorAboutKeysIsNotTheOrdersEnd(String body) {
        wechatpay.respond(NATIVE, 400, body);
        assertThat(channel.place(PAYMENT)).isInstanceOf(Placement.Unclear.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORDER_NOT_EXIST", "ORDERNOTEXIST"})
    void anExpiredOrderThatIsNotThereIsClosedInEitherSpelling(String code) {
        now = NOON.plusSeconds(3_600);
        wechatpay.respond(CLOSE, 404, refusal(code));
        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Closed());
    }
}
