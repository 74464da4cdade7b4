package dev.rung.channel.alipay;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.AlipayApiException;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.domain.AlipayTradeFastpayRefundQueryModel;
import com.alipay.api.domain.AlipayTradeRefundModel;
import com.alipay.api.request.AlipayTradeFastpayRefundQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import com.alipay.api.response.AlipayTradeFastpayRefundQueryResponse;
import com.alipay.api.response.AlipayTradeRefundResponse;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.Orders;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel.Callback;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refunds at Alipay, beside what Alipay's own SDK asks and reads. */
class AlipayRefundsTest {
    private static final Payment PAYMENT = Orders.payment("alipay");
    private static final Refund REFUND = Orders.refund(PAYMENT, 500);
    private static final String REFUNDED = "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + PAYMENT.id()
            + "\",\"trade_no\":\"2026112322001\",\"fund_change\":\"Y\",\"refund_fee\":\"7.00\",\"send_back_fee\":\"5.00\","
            + "\"gmt_refund_pay\":\"2026-11-23 12:05:04\"}";
    private static final String FOUND = "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + PAYMENT.id()
            + "\",\"out_request_no\":\"" + REFUND.id() + "\",\"trade_no\":\"2026112322001\",\"refund_amount\":\"5.00\","
            + "\"total_amount\":\"12.30\",\"refund_status\":\"REFUND_SUCCESS\",\"gmt_refund_pay\":\"2026-11-23 12:05:04\"}";
    private static final RefundEvidence SUCCESS =
            new RefundEvidence.Refunded(null, Money.of(500, "CNY"), Instant.parse("2026-11-23T04:05:04Z"));

    private final FakeAlipay alipay = new FakeAlipay();
    private final GatewayClient client = new GatewayClient(null);
    private final AlipayAccount account = alipay.account(AlipayAccount.Mode.PRECREATE);
    private final AlipayChannel channel = new AlipayChannel(
            account,
            () -> URI.create("https://pay.example/callbacks/alipay"),
            client,
            () -> NOON,
            FakeAlipay.NO_TOKENS,
            FakeAlipay.NO_FILE);
    private final ChannelRefunds refunds = channel.refunds().orElseThrow();
    private final DefaultAlipayClient sdk = new DefaultAlipayClient(
            account.gateway().toString(),
            FakeAlipay.APP,
            FakeAlipay.appPrivateKey(),
            "json",
            "utf-8",
            FakeAlipay.alipayPublicKey(),
            "RSA2");

    @AfterEach
    void close() {
        client.close();
        alipay.close();
    }

    private RefundEvidence requested() {
        return refunds.request(PAYMENT, REFUND).evidence();
    }

    private RefundEvidence queried() {
        return refunds.query(PAYMENT, REFUND.number()).evidence();
    }

    private JsonObject content(int call) {
        String json = FakeAlipay.fields(alipay.gateway.asked().get(call)).get("biz_content");
        return JsonObject.parse(json.getBytes(UTF_8));
    }

    private static String refusal(String subCode) {
        return "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"" + subCode + "\",\"sub_msg\":\"茶\"}";
    }

    @Test
    void theSdkAsksAndReadsTheSame() throws AlipayApiException {
        alipay.respond(AlipayRefunds.REFUND, REFUNDED);
        assertThat(requested()).isEqualTo(SUCCESS);

        AlipayTradeRefundModel model = new AlipayTradeRefundModel();
        model.setOutTradeNo(PAYMENT.id().toString());
        model.setOutRequestNo(REFUND.number());
        model.setRefundAmount("5.00");
        model.setRefundReason("茶凉了");
        AlipayTradeRefundRequest request = new AlipayTradeRefundRequest();
        request.setBizModel(model);
        AlipayTradeRefundResponse theirs = sdk.execute(request);
        assertThat(theirs.isSuccess()).isTrue();
        assertThat(theirs.getFundChange()).isEqualTo("Y");
        for (String member : List.of("out_trade_no", "out_request_no", "refund_amount", "refund_reason")) {
            assertThat(content(1).text(member)).as(member).isEqualTo(content(0).text(member));
        }
    }

    @Test
    void theSdkQueriesAndReadsTheSame() throws AlipayApiException {
        alipay.respond(AlipayRefunds.QUERY, FOUND);
        assertThat(queried()).isEqualTo(SUCCESS);

        AlipayTradeFastpayRefundQueryModel model = new AlipayTradeFastpayRefundQueryModel();
        model.setOutTradeNo(PAYMENT.id().toString());
        model.setOutRequestNo(REFUND.number());
        model.setQueryOptions(List.of("gmt_refund_pay"));
        AlipayTradeFastpayRefundQueryRequest request = new AlipayTradeFastpayRefundQueryRequest();
        request.setBizModel(model);
        AlipayTradeFastpayRefundQueryResponse theirs = sdk.execute(request);
        assertThat(theirs.getRefundStatus()).isEqualTo("REFUND_SUCCESS");
        assertThat(theirs.getRefundAmount()).isEqualTo("5.00");
        Map<String, String> ours = FakeAlipay.fields(alipay.gateway.asked().get(0));
        assertThat(FakeAlipay.fields(alipay.gateway.asked().get(1)).get("method"))
                .isEqualTo(ours.get("method"));
        assertThat(ours.get("biz_content")).contains("\"query_options\":[\"gmt_refund_pay\"]");
        assertThat(content(1).text("out_request_no")).isEqualTo(content(0).text("out_request_no"));
    }

    @Test
    void withoutAChangeOfFundsTheQueryDecides() {
        alipay.respond(AlipayRefunds.REFUND, REFUNDED.replace("\"Y\"", "\"N\""));
        alipay.respond(AlipayRefunds.QUERY, FOUND);
        assertThat(requested()).isEqualTo(SUCCESS);
        alipay.respond(AlipayRefunds.QUERY, FOUND.replace(",\"refund_status\":\"REFUND_SUCCESS\"", ""));
        assertThat(requested()).isInstanceOf(RefundEvidence.NotEnded.class);
    }

    @ParameterizedTest
    @CsvSource({
        "ACQ.TRADE_HAS_FINISHED, true",
        "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL, true",
        "ACQ.SELLER_BALANCE_NOT_ENOUGH, false",
        "ACQ.TRADE_NOT_EXIST, false",
        "ACQ.DISCORDANT_REPEAT_REQUEST, false",
        "ACQ.SYSTEM_ERROR, false",
        "isv.invalid-signature, false",
    })
    void onlyWhatIsRefusedForGoodIsRefused(String code, boolean refused) {
        alipay.respond(AlipayRefunds.REFUND, refusal(code));
        assertThat(requested()).isInstanceOf(refused ? RefundEvidence.Refused.class : RefundEvidence.Unknown.class);
    }

    @Test
    void aRefundThatAlipayDoesNotHaveIsNotFoundAndAnotherIsUnknown() {
        alipay.respond(AlipayRefunds.QUERY, refusal("ACQ.TRADE_NOT_EXIST"));
        assertThat(queried()).isInstanceOf(RefundEvidence.NotFound.class);
        alipay.respond(AlipayRefunds.QUERY, FOUND.replace(REFUND.number(), "rfd_0000000000000"));
        assertThat(queried()).isInstanceOf(RefundEvidence.Unknown.class);
        alipay.respond(AlipayRefunds.QUERY, FOUND.replace("\"5.00\"", "\"5.001\""));
        assertThat(queried()).isInstanceOf(RefundEvidence.Unknown.class);
    }

    @Test
    void aCallbackNamesTheRefundAndLetsItBeQueried() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("app_id", FakeAlipay.APP);
        fields.put("seller_id", FakeAlipay.SELLER);
        fields.put("out_trade_no", PAYMENT.id().toString());
        fields.put("out_biz_no", REFUND.number());
        fields.put("trade_no", "2026112322001");
        fields.put("trade_status", "TRADE_SUCCESS");
        fields.put("total_amount", "12.30");
        fields.put("refund_fee", "7.00");
        fields.put("gmt_refund", "2026-11-23 12:05:04.123");
        byte[] body = FakeAlipay.notification(fields).getBytes(UTF_8);
        assertThat(channel.readCallback(new CallbackRequest(Map.of(), null, body)))
                .isInstanceOfSatisfying(Callback.VerifiedRefund.class, refund -> {
                    assertThat(refund.outTradeNo()).isEqualTo(PAYMENT.id().toString());
                    assertThat(refund.refundNo()).isEqualTo(REFUND.number());
                    assertThat(refund.evidence()).isInstanceOf(RefundEvidence.Unknown.class);
                });
    }
}
