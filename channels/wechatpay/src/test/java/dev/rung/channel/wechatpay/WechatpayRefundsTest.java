package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.wechat.pay.java.service.refund.RefundService;
import com.wechat.pay.java.service.refund.model.AmountReq;
import com.wechat.pay.java.service.refund.model.CreateRequest;
import com.wechat.pay.java.service.refund.model.QueryByOutRefundNoRequest;
import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.Orders;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refunds at WeChat Pay, beside what WeChat Pay's own SDK asks and reads. */
class WechatpayRefundsTest {
    private static final Payment PAYMENT = Orders.payment("wechatpay");
    private static final Refund REFUND = Orders.refund(PAYMENT, 500);
    private static final String ORDER = PAYMENT.id().toString();
    private static final String CREATE = "POST /v3/refund/domestic/refunds";
    private static final String QUERY = "GET /v3/refund/domestic/refunds/" + REFUND.number();

    private final FakeWechatpay wechatpay = new FakeWechatpay(InstantSource.system());
    private final GatewayClient client = new GatewayClient(null);
    private final ChannelRefunds refunds = new WechatpayChannel(
                    wechatpay.account(),
                    () -> URI.create("https://pay.example/callbacks/wechatpay"),
                    client,
                    InstantSource.system(),
                    new Random(1),
                    FakeWechatpay.NO_FILE)
            .refunds()
            .orElseThrow();
    private final RefundService sdk = new RefundService.Builder()
            .config(SdkClient.config())
            .httpClient(SdkClient.to(wechatpay))
            .build();

    @AfterEach
    void close() {
        client.close();
        wechatpay.close();
    }

    private static String answer(String state) {
        return FakeWechatpay.refund(ORDER, REFUND.number(), "status", state, 500);
    }

    private RefundEvidence requested() {
        return refunds.request(PAYMENT, REFUND).evidence();
    }

    private RefundEvidence queried() {
        return refunds.query(PAYMENT, REFUND.number()).evidence();
    }

    private static RefundEvidence success() {
        return new RefundEvidence.Refunded(
                "50000000382019052709732678859", Money.of(500, "CNY"), Instant.parse("2026-11-23T04:08:04Z"));
    }

    @Test
    void theSdkAsksAndReadsTheSame() {
        wechatpay.respond(CREATE, 200, answer("PROCESSING"));
        assertThat(requested()).isEqualTo(new RefundEvidence.Processing());

        CreateRequest request = new CreateRequest();
        request.setOutTradeNo(ORDER);
        request.setOutRefundNo(REFUND.number());
        request.setReason("茶凉了");
        request.setNotifyUrl("https://pay.example/callbacks/wechatpay");
        AmountReq amount = new AmountReq();
        amount.setRefund(500L);
        amount.setTotal(1230L);
        amount.setCurrency("CNY");
        request.setAmount(amount);
        assertThat(sdk.create(request).getStatus().name()).isEqualTo("PROCESSING");

        Asked ours = wechatpay.gateway.asked().get(0);
        Asked theirs = wechatpay.gateway.asked().get(1);
        assertThat(theirs.target()).isEqualTo(ours.target());
        JsonObject our = JsonObject.parse(ours.body());
        JsonObject their = JsonObject.parse(theirs.body());
        for (String member : new String[] {"out_trade_no", "out_refund_no", "reason", "notify_url"}) {
            assertThat(their.text(member)).as(member).isEqualTo(our.text(member));
        }
        for (String member : new String[] {"refund", "total", "currency"}) {
            assertThat(their.object("amount").text(member))
                    .as(member)
                    .isEqualTo(our.object("amount").text(member));
        }
        assertThat(new String(ours.body(), UTF_8)).doesNotContain("appid");
    }

    @Test
    void theSdkQueriesAndReadsTheSame() {
        wechatpay.respond(QUERY, 200, answer("SUCCESS"));
        assertThat(queried()).isEqualTo(success());
        QueryByOutRefundNoRequest request = new QueryByOutRefundNoRequest();
        request.setOutRefundNo(REFUND.number());
        assertThat(sdk.queryByOutRefundNo(request).getAmount().getRefund()).isEqualTo(500);
        assertThat(wechatpay.gateway.asked().get(1).target())
                .isEqualTo(wechatpay.gateway.asked().get(0).target());
    }

    @Test
    void statesMeanWhatWechatpaySays() {
        wechatpay.respond(CREATE, 200, answer("SUCCESS"));
        assertThat(requested()).isEqualTo(success());
        wechatpay.respond(CREATE, 200, answer("CLOSED"));
        assertThat(requested()).isInstanceOf(RefundEvidence.Failed.class);
        wechatpay.respond(CREATE, 200, answer("ABNORMAL"));
        assertThat(requested()).isInstanceOf(RefundEvidence.Stuck.class);
        wechatpay.respond(CREATE, 200, answer("SOMETHING"));
        assertThat(requested()).isInstanceOf(RefundEvidence.Unknown.class);
    }

    @ParameterizedTest
    @CsvSource({
        "400, PARAM_ERROR, true",
        "403, USER_ACCOUNT_ABNORMAL, true",
        "404, RESOURCE_NOT_EXISTS, false",
        "404, MCH_NOT_EXISTS, false",
        "403, NOT_ENOUGH, false",
        "400, INVALID_REQUEST, false",
        "429, FREQUENCY_LIMITED, false",
        "500, SYSTEM_ERROR, false",
    })
    void onlyWhatIsRefusedForGoodIsRefused(int status, String code, boolean refused) {
        wechatpay.respond(CREATE, status, "{\"code\":\"" + code + "\",\"message\":\"茶\"}");
        assertThat(requested()).isInstanceOf(refused ? RefundEvidence.Refused.class : RefundEvidence.Unknown.class);
    }

    @Test
    void aRefundThatWechatPayDoesNotHaveIsNotFoundAndAnotherIsUnknown() {
        wechatpay.respond(QUERY, 404, "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"茶\"}");
        assertThat(queried()).isInstanceOf(RefundEvidence.NotFound.class);
        wechatpay.respond(QUERY, 404, "{\"code\":\"MCH_NOT_EXISTS\",\"message\":\"茶\"}");
        assertThat(queried()).isInstanceOf(RefundEvidence.Unknown.class);
        wechatpay.respond(QUERY, 200, answer("SUCCESS").replace(ORDER, "pay_0000000000000"));
        assertThat(queried()).isInstanceOf(RefundEvidence.Unknown.class);
        wechatpay.respond(QUERY, 200, answer("SUCCESS").replace("\"refund\":500", "\"refund\":0"));
        assertThat(queried()).isInstanceOf(RefundEvidence.Unknown.class);
    }
}
