package dev.rung.channel.wechatpay;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.wechat.pay.java.core.http.HttpClient;
import com.wechat.pay.java.service.partnerpayments.jsapi.JsapiService;
import com.wechat.pay.java.service.partnerpayments.jsapi.model.Amount;
import com.wechat.pay.java.service.partnerpayments.jsapi.model.CloseOrderRequest;
import com.wechat.pay.java.service.partnerpayments.jsapi.model.Payer;
import com.wechat.pay.java.service.partnerpayments.jsapi.model.PrepayRequest;
import com.wechat.pay.java.service.partnerpayments.jsapi.model.QueryOrderByOutTradeNoRequest;
import com.wechat.pay.java.service.refund.RefundService;
import com.wechat.pay.java.service.refund.model.AmountReq;
import com.wechat.pay.java.service.refund.model.CreateRequest;
import com.wechat.pay.java.service.refund.model.QueryByOutRefundNoRequest;
import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.Orders;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.SubMerchant;
import dev.rung.payments.port.PaymentChannel.Callback;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service provider's account (服务商): WeChat Pay's SDK and this adapter make the same requests for the merchant below it. */
class WechatpayServiceProviderTest {
    private static final SubMerchant SUB = new SubMerchant("1900000777", "wx5ab8f47e6d9c1e02");
    private static final String ORDER = "/v3/pay/partner/transactions/";
    private static final String PAYER = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

    private Instant now = InstantSource.system().instant();
    private final FakeWechatpay wechatpay = new FakeWechatpay(() -> now);
    private final GatewayClient client = new GatewayClient(null);
    private final HttpClient sdk = SdkClient.to(wechatpay);

    @AfterEach
    void close() {
        client.close();
        wechatpay.close();
    }

    private WechatpayChannel channel() {
        return new WechatpayChannel(
                account(),
                () -> URI.create("https://pay.example/callbacks/wechatpay"),
                client,
                () -> now,
                new Random(1),
                FakeWechatpay.NO_FILE);
    }

    private WechatpayAccount account() {
        Map<String, String> members = new HashMap<>(wechatpay.members());
        members.put("sub_mchid", SUB.mchId());
        members.put("sub_appid", String.valueOf(SUB.appId()));
        return WechatpayAccount.of(ChannelAccount.of(new WechatpayType(), "wechatpay", members));
    }

    private static Payment payment(PaymentMethod method, @Nullable SubMerchant subMerchant) {
        Payment payment =
                Orders.payment("wechatpay", new Payment.Checkout(method, null, "203.0.113.7", PAYER, "table 7"));
        return new Payment(
                payment.id(),
                payment.order().withSubMerchant(subMerchant),
                payment.queryId(),
                payment.state(),
                payment.createdAt(),
                payment.expiresAt(),
                null,
                payment.access(),
                null,
                null,
                new Payment.Funds(1230, 0, 0),
                1);
    }

    private JsonNode asked(int nth) {
        return JsonMapper.shared().readTree(wechatpay.gateway.asked().get(nth).body());
    }

    private void bothAskAlike() {
        List<Asked> asked = wechatpay.gateway.asked();
        assertThat(asked).hasSize(2);
        assertThat(asked.getFirst().method()).isEqualTo(asked.getLast().method());
        assertThat(asked.getFirst().target()).isEqualTo(asked.getLast().target());
        if (asked.getFirst().body().length > 0) {
            assertThat(asked(0)).isEqualTo(asked(1));
        }
    }

    @Test
    void anOrderIsPlacedForTheMerchantBelow() {
        now = NOON.plusSeconds(1);
        wechatpay.respond("POST " + ORDER + "jsapi", 200, "{\"prepay_id\":\"wx2611215250487459928b659bd466620000\"}");
        Payment payment = payment(PaymentMethod.JSAPI, SUB);

        Placement placed = channel().place(payment);

        assertThat(placed).isInstanceOf(Placement.Placed.class);
        JsonNode params = JsonMapper.shared().readTree(String.valueOf(((Placement.Placed) placed).payParams()));
        assertThat(params.get("appId").asString()).isEqualTo(SUB.appId());
        now = InstantSource.system().instant(); // the SDK's clock
        new JsapiService.Builder().httpClient(sdk).build().prepay(prepay(payment));
        bothAskAlike();
        assertThat(asked(0).at("/payer/sub_openid").asString()).isEqualTo(PAYER);
    }

    private static PrepayRequest prepay(Payment payment) {
        PrepayRequest request = new PrepayRequest();
        request.setSpAppid(FakeWechatpay.APP);
        request.setSpMchid(FakeWechatpay.MERCHANT);
        request.setSubAppid(SUB.appId());
        request.setSubMchid(SUB.mchId());
        request.setDescription(payment.order().subject());
        request.setOutTradeNo(payment.id().toString());
        request.setTimeExpire("2026-11-23T12:15:00+08:00");
        request.setNotifyUrl("https://pay.example/callbacks/wechatpay");
        request.setAttach("table 7");
        Amount amount = new Amount();
        amount.setTotal(1230);
        amount.setCurrency("CNY");
        request.setAmount(amount);
        Payer payer = new Payer();
        payer.setSubOpenid(PAYER);
        request.setPayer(payer);
        return request;
    }

    @Test
    void withoutAnAppOfTheMerchantBelowThePayerUsesTheServiceProviders() {
        now = NOON.plusSeconds(1);
        wechatpay.respond("POST " + ORDER + "jsapi", 200, "{\"prepay_id\":\"wx26\"}");

        Placement placed = channel().place(payment(PaymentMethod.JSAPI, new SubMerchant(SUB.mchId(), null)));

        assertThat(String.valueOf(((Placement.Placed) placed).payParams())).contains(FakeWechatpay.APP);
        assertThat(asked(0).at("/payer/sp_openid").asString()).isEqualTo(PAYER);
        assertThat(asked(0).has("sub_appid")).isFalse();
    }

    private static String transaction(Payment payment, String subMchid) {
        return FakeWechatpay.transaction(payment.id().toString(), "SUCCESS")
                .replace(
                        "\"appid\":",
                        "\"sub_appid\":\"" + SUB.appId() + "\",\"sub_mchid\":\"" + subMchid + "\",\"sp_appid\":")
                .replace("\"mchid\":", "\"sp_mchid\":");
    }

    @Test
    void anOrderIsQueriedAndClosedForTheMerchantBelow() {
        Payment payment = payment(PaymentMethod.QR, SUB);
        String query = "GET " + ORDER + "out-trade-no/" + payment.id() + "?sp_mchid=" + FakeWechatpay.MERCHANT
                + "&sub_mchid=" + SUB.mchId();
        wechatpay.respond(query, 200, transaction(payment, SUB.mchId()));
        assertThat(channel().query(payment).evidence()).isInstanceOf(Evidence.Paid.class);
        QueryOrderByOutTradeNoRequest request = new QueryOrderByOutTradeNoRequest();
        request.setSpMchid(FakeWechatpay.MERCHANT);
        request.setSubMchid(SUB.mchId());
        request.setOutTradeNo(payment.id().toString());
        assertThat(new JsapiService.Builder()
                        .httpClient(sdk)
                        .build()
                        .queryOrderByOutTradeNo(request)
                        .getSubMchid())
                .isEqualTo(SUB.mchId());
        bothAskAlike();

        wechatpay.respond(query, 200, transaction(payment, "1900000778"));
        assertThat(channel().query(payment).evidence()).isInstanceOf(Evidence.Unknown.class);
    }

    @Test
    void anOrderIsClosedAsTheSdkClosesIt() {
        Payment payment = payment(PaymentMethod.QR, SUB);
        wechatpay.respond("POST " + ORDER + "out-trade-no/" + payment.id() + "/close", 204, "");
        assertThat(channel().close(payment).evidence()).isInstanceOf(Evidence.Closed.class);
        CloseOrderRequest request = new CloseOrderRequest();
        request.setSpMchid(FakeWechatpay.MERCHANT);
        request.setSubMchid(SUB.mchId());
        request.setOutTradeNo(payment.id().toString());
        new JsapiService.Builder().httpClient(sdk).build().closeOrder(request);
        bothAskAlike();
    }

    @Test
    void aRefundIsRequestedAndQueriedAsTheSdkDoes() {
        Payment payment = payment(PaymentMethod.QR, SUB);
        Refund refund = Orders.refund(payment, 500);
        String answer = FakeWechatpay.refund(payment.id().toString(), refund.number(), "status", "SUCCESS", 500);
        wechatpay.respond("POST /v3/refund/domestic/refunds", 200, answer);
        assertThat(channel().refunds().orElseThrow().request(payment, refund).evidence())
                .isInstanceOf(RefundEvidence.Refunded.class);
        CreateRequest request = new CreateRequest();
        request.setSubMchid(SUB.mchId());
        request.setOutTradeNo(payment.id().toString());
        request.setOutRefundNo(refund.number());
        request.setReason(refund.terms().reason());
        request.setNotifyUrl("https://pay.example/callbacks/wechatpay");
        AmountReq amount = new AmountReq();
        amount.setRefund(500L);
        amount.setTotal(1230L);
        amount.setCurrency("CNY");
        request.setAmount(amount);
        RefundService refunds = new RefundService.Builder().httpClient(sdk).build();
        refunds.create(request);
        bothAskAlike();

        wechatpay.respond(
                "GET /v3/refund/domestic/refunds/" + refund.number() + "?sub_mchid=" + SUB.mchId(), 200, answer);
        assertThat(channel()
                        .refunds()
                        .orElseThrow()
                        .query(payment, refund.number())
                        .evidence())
                .isInstanceOf(RefundEvidence.Refunded.class);
        QueryByOutRefundNoRequest query = new QueryByOutRefundNoRequest();
        query.setOutRefundNo(refund.number());
        query.setSubMchid(SUB.mchId());
        assertThat(refunds.queryByOutRefundNo(query).getOutRefundNo()).isEqualTo(refund.number());
    }

    @Test
    void callbacksNameBothMerchants() {
        Payment payment = payment(PaymentMethod.QR, SUB);
        assertThat(read("TRANSACTION.SUCCESS", transaction(payment, SUB.mchId())))
                .isInstanceOfSatisfying(
                        Callback.Verified.class,
                        callback -> assertThat(callback.evidence()).isInstanceOf(Evidence.Paid.class));
        assertThat(read(
                        "TRANSACTION.SUCCESS",
                        transaction(payment, SUB.mchId()).replace(FakeWechatpay.MERCHANT, "1900000110")))
                .isInstanceOf(Callback.Unverified.class);
        assertThat(read(
                        "REFUND.SUCCESS",
                        FakeWechatpay.refund(payment.id().toString(), "R1", "refund_status", "SUCCESS", 500)
                                .replace("\"mchid\":", "\"sub_mchid\":\"" + SUB.mchId() + "\",\"sp_mchid\":")))
                .isInstanceOf(Callback.VerifiedRefund.class);
    }

    private Callback read(String event, String resource) {
        byte[] body = FakeWechatpay.notification(event, resource, FakeWechatpay.API_V3_KEY)
                .getBytes(UTF_8);
        Map<String, List<String>> headers = new HashMap<>();
        wechatpay.signed(body).forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
        return channel().readCallback(new CallbackRequest(headers, null, body));
    }

    @Test
    void theCheckAndTheBillAreOfTheMerchantBelow(@TempDir Path folder) throws Exception {
        assertThat(channel().check()).isEmpty();
        channel().bills().fetch(LocalDate.of(2026, 11, 23), folder.resolve("bill"));

        assertThat(wechatpay.gateway.asked())
                .extracting(asked -> asked.target().toString())
                .containsExactly(
                        ORDER + "out-trade-no/rung_check?sp_mchid=" + FakeWechatpay.MERCHANT + "&sub_mchid="
                                + SUB.mchId(),
                        "/v3/bill/tradebill?bill_type=ALL&tar_type=GZIP&bill_date=2026-11-23&sub_mchid=" + SUB.mchId());
    }

    @Test
    void theBillOfOneMerchantBelowHasNoPaymentsOfAnother() {
        ChannelBills bills = channel().bills();
        assertThat(bills.covers(payment(PaymentMethod.QR, new SubMerchant(SUB.mchId(), null))))
                .isTrue();
        assertThat(bills.covers(payment(PaymentMethod.QR, new SubMerchant("1900000778", SUB.appId()))))
                .isFalse();
        assertThat(bills.covers(payment(PaymentMethod.QR, null))).isFalse();
    }

    @Test
    void theAppNeedsTheMerchantsNumber() {
        Map<String, String> members = new HashMap<>(wechatpay.members());
        members.put("sub_appid", "wx5ab8f47e6d9c1e02");
        assertThat(new WechatpayType().problem(ChannelAccount.of(new WechatpayType(), "wechatpay", members)))
                .isEqualTo("sub_appid is given without sub_mchid");
    }
}
