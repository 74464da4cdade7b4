package dev.rung.channel.alipay;

import static dev.rung.channel.alipay.FakeAlipay.json;
import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.Orders;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlipayChannelTest {
    private static final Payment PAYMENT = Orders.payment("alipay");
    private static final String NUMBER = PAYMENT.id().toString();
    private static final URI NOTIFY = URI.create("https://pay.example/callbacks/alipay");

    private final FakeAlipay alipay = new FakeAlipay();
    private final GatewayClient client = new GatewayClient(null);
    private Instant now = NOON.plusSeconds(1);
    private AlipayChannel channel;

    @BeforeEach
    void open() {
        channel = channel(AlipayAccount.Mode.PRECREATE);
    }

    private AlipayChannel channel(AlipayAccount.Mode mode) {
        return new AlipayChannel(
                alipay.account(mode), () -> NOTIFY, client, () -> now, FakeAlipay.NO_TOKENS, FakeAlipay.NO_FILE);
    }

    @AfterEach
    void close() {
        client.close();
        alipay.close();
    }

    private static Map<String, String> members(String... more) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("code", "10000");
        members.put("msg", "Success");
        members.put("out_trade_no", NUMBER);
        for (int i = 0; i < more.length; i += 2) {
            members.put(more[i], more[i + 1]);
        }
        return members;
    }

    private static String refusal(String subCode) {
        return "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"" + subCode + "\",\"sub_msg\":\"茶\"}";
    }

    @Test
    void anOrderIsPlacedUnderItsIdWithAmountExpiryAndCallback() {
        alipay.respond("alipay.trade.precreate", json(members("qr_code", "https://qr.alipay.com/bavh4wjlxf12tper3a")));

        assertThat(channel.place(PAYMENT)).isEqualTo(new Placement.Placed("https://qr.alipay.com/bavh4wjlxf12tper3a"));

        Map<String, String> asked = FakeAlipay.fields(alipay.gateway.asked().getFirst());
        assertThat(asked)
                .containsEntry("app_id", FakeAlipay.APP)
                .containsEntry("method", "alipay.trade.precreate")
                .containsEntry("charset", "utf-8")
                .containsEntry("sign_type", "RSA2")
                .containsEntry("version", "1.0")
                .containsEntry("timestamp", "2026-11-23 12:00:01")
                .containsEntry("notify_url", NOTIFY.toString());
        JsonObject content = JsonObject.parse(asked.get("biz_content").getBytes(UTF_8));
        assertThat(content.text("out_trade_no")).isEqualTo(NUMBER);
        assertThat(content.text("total_amount")).isEqualTo("12.30");
        assertThat(content.text("subject")).isEqualTo("两杯茶 & more = 100%");
        assertThat(content.text("time_expire")).isEqualTo("2026-11-23 12:15:00");
    }

    @ParameterizedTest
    @CsvSource({
        "ACQ.INVALID_PARAMETER, true",
        "ACQ.TOTAL_FEE_EXCEED, true",
        "ACQ.SYSTEM_ERROR, false",
        "ACQ.TRADE_HAS_SUCCESS, false",
        "ACQ.CONTEXT_INCONSISTENT, false",
        "isp.unknow-error, false"
    })
    void onlyWhatCanNeverBePlacedIsRejected(String code, boolean rejected) {
        alipay.respond("alipay.trade.precreate", refusal(code));

        assertThat(channel.place(PAYMENT))
                .isEqualTo(rejected ? new Placement.Rejected(code + ": 茶") : new Placement.Unclear(code + ": 茶"));
    }

    @Test
    void anOrderThatExpiresNowIsNotPlacedAgain() {
        now = PAYMENT.expiresAt().minusSeconds(30);

        assertThat(channel.place(PAYMENT)).isInstanceOf(Placement.Unclear.class);
        assertThat(alipay.gateway.asked()).isEmpty();
    }

    @Test
    void otherCurrenciesAreRejected() {
        Payment dollars = Orders.payment("alipay", Money.of(1230, "USD"), PAYMENT.expiresAt());

        assertThat(channel.place(dollars)).isInstanceOf(Placement.Rejected.class);
        assertThat(alipay.gateway.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"})
    void whatWasPaidIsPaidThoughItMayBeFinishedOrRefundedSince(String status) {
        alipay.respond(
                "alipay.trade.query",
                json(members(
                        "trade_no",
                        "2026112322001",
                        "trade_status",
                        status,
                        "total_amount",
                        "12.30",
                        "send_pay_date",
                        "2026-11-23 12:03:04")));

        Exchange exchange = channel.query(PAYMENT);

        assertThat(exchange.evidence())
                .isEqualTo(new Evidence.Paid(
                        "2026112322001", Money.of(1230, "CNY"), Instant.parse("2026-11-23T04:03:04Z")));
        assertThat(exchange.answer()).contains("\"trade_status\":\"" + status).doesNotContain("sign");
        assertThat(exchange.durationMillis()).isBetween(0, 5_000);
    }

    @Test
    void whatIsOpenIsUnpaidAndWhatTimedOutIsClosed() {
        alipay.respond("alipay.trade.query", json(members("trade_status", "WAIT_BUYER_PAY", "total_amount", "12.30")));
        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.Unpaid());

        alipay.respond("alipay.trade.query", json(members("trade_status", "TRADE_CLOSED", "total_amount", "12.30")));
        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.Closed());
    }

    @Test
    void anotherCurrencyIsNotTakenForYuan() {
        alipay.respond(
                "alipay.trade.query",
                json(members(
                        "trade_no",
                        "1",
                        "trade_status",
                        "TRADE_SUCCESS",
                        "total_amount",
                        "12.30",
                        "trans_currency",
                        "USD")));

        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.Paid("1", Money.of(1230, "USD"), null));
    }

    @Test
    void anOrderThatAlipayDoesNotHaveIsNotFound() {
        alipay.respond(
                "alipay.trade.query",
                "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"}");
        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.NotFound("ACQ.TRADE_NOT_EXIST"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":\"20000\",\"msg\":\"Service Currently Unavailable\",\"sub_code\":\"isp.unknow-error\"}",
                "{\"code\":\"10000\",\"out_trade_no\":\"pay_0000000000000\",\"trade_status\":\"TRADE_SUCCESS\"}",
                "{\"code\":\"10000\",\"trade_status\":\"TRADE_CLOSED\"}"
            })
    void whatSaysNothingOfTheOrderIsUnknown(String response) {
        alipay.respond("alipay.trade.query", response);

        assertThat(channel.query(PAYMENT).evidence()).isInstanceOf(Evidence.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12.301", "0", "-1", "12,30", "", "1e400", "NaN"})
    void anAmountThatIsNoneIsUnknown(String amount) {
        alipay.respond(
                "alipay.trade.query",
                json(members("trade_no", "1", "trade_status", "TRADE_SUCCESS", "total_amount", amount)));

        assertThat(channel.query(PAYMENT).evidence()).isInstanceOf(Evidence.Unknown.class);
    }

    @Test
    void garbageErrorsAndSilenceAreUnknown() {
        String paid = json(members("trade_no", "1", "trade_status", "TRADE_SUCCESS", "total_amount", "12.30"));
        String good = FakeAlipay.envelope("alipay.trade.query", paid);
        for (String body : new String[] {
            "",
            "<html>",
            "{}",
            "[]",
            good.replace("12.30", "12.31"),
            good.replaceFirst("\"sign\":\"[^\"]*\"", "\"x\":1"),
            good.replace("alipay_trade_query_response", "alipay_trade_close_response"),
            good.replaceFirst("\\{", "{\"alipay_trade_query_response\":{},"),
            good + good
        }) {
            alipay.gateway.behave(request -> FakeAlipay.said(body));
            assertThat(channel.query(PAYMENT).evidence()).as(body).isInstanceOf(Evidence.Unknown.class);
        }
        alipay.gateway.behave(request -> FakeAlipay.said(good));
        assertThat(channel.query(PAYMENT).evidence()).isInstanceOf(Evidence.Paid.class);
        alipay.close();
        assertThat(channel.query(PAYMENT).evidence()).isEqualTo(new Evidence.Unknown("no connection to the gateway"));
        assertThat(channel.place(PAYMENT)).isInstanceOf(Placement.Unclear.class);
        assertThat(channel.close(PAYMENT).evidence()).isInstanceOf(Evidence.Unknown.class);
    }

    @Test
    void aRequestThatAlipayDoesNotTakeForOursSaysNothingOfTheOrder() {
        alipay.gateway.behave(
                request -> FakeAlipay.said("{\"error_response\":{\"code\":\"40002\",\"msg\":\"Invalid Arguments\","
                        + "\"sub_code\":\"isv.invalid-signature\",\"sub_msg\":\"验签出错\"}}"));

        assertThat(channel.close(PAYMENT).evidence())
                .isEqualTo(new Evidence.Unknown("the gateway refused the request: isv.invalid-signature: 验签出错"));
    }

    @Test
    void theCheckNamesWhatAlipayRefuses() {
        alipay.respond(
                "alipay.trade.query",
                "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"}");
        assertThat(channel.check()).isEmpty();

        alipay.gateway.behave(
                request -> FakeAlipay.said("{\"error_response\":{\"code\":\"40002\",\"msg\":\"Invalid Arguments\","
                        + "\"sub_code\":\"isv.invalid-signature\",\"sub_msg\":\"验签出错\"}}"));
        assertThat(channel.check()).singleElement().asString().contains("isv.invalid-signature");

        alipay.close();
        assertThat(channel.check()).containsExactly("no connection to the gateway");
    }

    @Test
    void aCloseIsBelievedWhenAlipaySaysSo() {
        alipay.respond("alipay.trade.close", json(members("trade_no", "1")));

        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Closed());
        assertThat(alipay.gateway.asked()).hasSize(1);
    }

    @Test
    void aCloseThatIsRefusedBecauseItIsPaidSaysPaid() {
        alipay.respond("alipay.trade.close", refusal("ACQ.TRADE_STATUS_ERROR"));
        alipay.respond(
                "alipay.trade.query",
                json(members("trade_no", "1", "trade_status", "TRADE_SUCCESS", "total_amount", "12.30")));
        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Paid("1", Money.of(1230, "CNY"), null));

        alipay.respond("alipay.trade.query", json(members("trade_status", "WAIT_BUYER_PAY")));
        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Unknown("ACQ.TRADE_STATUS_ERROR: 茶"));
    }

    @Test
    void whatWasNeverScannedIsClosedOnceItCannotBePaidAnyMore() {
        alipay.respond("alipay.trade.close", refusal("ACQ.TRADE_NOT_EXIST"));
        now = PAYMENT.expiresAt().plusSeconds(60);
        assertThat(channel.close(PAYMENT).evidence()).isInstanceOf(Evidence.Unknown.class);

        now = PAYMENT.expiresAt().plusSeconds(61);
        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Closed());
    }

    @Test
    void acknowledgementsAreAlipaysWords() {
        assertThat(channel.acknowledgement(true)).isEqualTo(new Acknowledgement(200, "text/plain", "success"));
        assertThat(channel.acknowledgement(false)).isEqualTo(new Acknowledgement(200, "text/plain", "failure"));
    }

    @Test
    void thereAreNoOptions() {
        assertThat(channel.checkOptions(null)).isNull();
        assertThat(channel.checkOptions("{}")).isNotNull();
        assertThat(channel.name()).isEqualTo("alipay");
    }
}
