package dev.rung.channel.wechatpay;

import static dev.rung.channel.wechatpay.FakeWechatpay.MERCHANT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.wechat.pay.java.service.payments.app.AppServiceExtension;
import com.wechat.pay.java.service.payments.jsapi.JsapiServiceExtension;
import com.wechat.pay.java.service.payments.jsapi.model.Amount;
import com.wechat.pay.java.service.payments.jsapi.model.Payer;
import com.wechat.pay.java.service.payments.jsapi.model.PrepayRequest;
import com.wechat.pay.java.service.payments.jsapi.model.PrepayWithRequestPaymentResponse;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.Orders;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Each method of paying; what clients are given is compared with what WeChat Pay's own SDK gives them. */
class WechatpayMethodsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOTIFY = "https://pay.example/callbacks/wechatpay";
    private static final String PAYER = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
    private static final String PREPAY_ID = "wx201410272009395522657a690389285100";
    private static final String CODE = "134650109137345678";
    private static final Evidence PAID =
            new Evidence.Paid("4200000001202611230001", Money.of(1230, "CNY"), Instant.parse("2026-11-23T04:03:04Z"));

    /** The SDK accepts answers of now only. */
    private Instant now = Instant.now();

    private final FakeWechatpay wechatpay = new FakeWechatpay(() -> now);
    private final GatewayClient client = new GatewayClient(null);
    private final WechatpayChannel channel = new WechatpayChannel(
            wechatpay.account(), () -> URI.create(NOTIFY), client, () -> now, new Random(1), FakeWechatpay.NO_FILE);

    @AfterEach
    void close() {
        client.close();
        wechatpay.close();
    }

    private Payment payment(PaymentMethod method, @Nullable String payer) {
        now = Orders.NOON.plusSeconds(1);
        return Orders.payment(
                "wechatpay",
                new Payment.Checkout(method, "https://shop.example/back?a=1&b", "203.0.113.7", payer, "table 7"));
    }

    private static JsonNode params(Placement placement) {
        Placement.Placed placed = (Placement.Placed) placement;
        assertThat(placed.payUrl()).isNull();
        return JSON.readTree(String.valueOf(placed.payParams()));
    }

    private JsonNode asked(int index) {
        return JSON.readTree(wechatpay.gateway.asked().get(index).body());
    }

    private static boolean isMerchants(String signature, String... lines) {
        String text = String.join("\n", lines) + "\n";
        return RsaKeys.verifies(FakeWechatpay.MERCHANT_KEYS.getPublic(), text.getBytes(UTF_8), signature);
    }

    @Test
    void aPageInsideWechatIsGivenWhatTheSdkGives() {
        wechatpay.respond("POST /v3/pay/transactions/jsapi", 200, "{\"prepay_id\":\"" + PREPAY_ID + "\"}");
        Payment payment = payment(PaymentMethod.JSAPI, PAYER);
        JsonNode ours = params(channel.place(payment));

        now = Instant.now();
        PrepayRequest request = new PrepayRequest();
        request.setAppid(FakeWechatpay.APP);
        request.setMchid(MERCHANT);
        request.setDescription(payment.order().subject());
        request.setOutTradeNo(payment.id().toString());
        request.setTimeExpire("2026-11-23T12:15:00+08:00");
        request.setNotifyUrl(NOTIFY);
        request.setAttach("table 7");
        Amount amount = new Amount();
        amount.setTotal(1230);
        amount.setCurrency("CNY");
        request.setAmount(amount);
        Payer payer = new Payer();
        payer.setOpenid(PAYER);
        request.setPayer(payer);
        PrepayWithRequestPaymentResponse theirs = new JsapiServiceExtension.Builder()
                .config(SdkClient.config())
                .httpClient(SdkClient.to(wechatpay))
                .build()
                .prepayWithRequestPayment(request);

        assertThat(asked(0)).isEqualTo(asked(1));
        assertThat(ours.propertyNames())
                .containsExactlyInAnyOrder("appId", "timeStamp", "nonceStr", "package", "signType", "paySign");
        assertThat(ours.get("package").asString()).isEqualTo(theirs.getPackageVal());
        assertThat(ours.get("signType").asString()).isEqualTo(theirs.getSignType());
        assertThat(isMerchants(
                        theirs.getPaySign(),
                        theirs.getAppId(),
                        theirs.getTimeStamp(),
                        theirs.getNonceStr(),
                        theirs.getPackageVal()))
                .isTrue();
        assertThat(isMerchants(
                        ours.get("paySign").asString(),
                        ours.get("appId").asString(),
                        ours.get("timeStamp").asString(),
                        ours.get("nonceStr").asString(),
                        ours.get("package").asString()))
                .isTrue();
    }

    @Test
    void anAppIsGivenWhatTheSdkGives() {
        wechatpay.respond("POST /v3/pay/transactions/app", 200, "{\"prepay_id\":\"" + PREPAY_ID + "\"}");
        JsonNode ours = params(channel.place(payment(PaymentMethod.APP, null)));

        now = Instant.now();
        com.wechat.pay.java.service.payments.app.model.PrepayRequest request =
                new com.wechat.pay.java.service.payments.app.model.PrepayRequest();
        request.setAppid(FakeWechatpay.APP);
        request.setMchid(MERCHANT);
        com.wechat.pay.java.service.payments.app.model.PrepayWithRequestPaymentResponse theirs =
                new AppServiceExtension.Builder()
                        .config(SdkClient.config())
                        .httpClient(SdkClient.to(wechatpay))
                        .build()
                        .prepayWithRequestPayment(request);

        assertThat(ours.get("appid").asString()).isEqualTo(theirs.getAppid());
        assertThat(ours.get("partnerid").asString()).isEqualTo(theirs.getPartnerId());
        assertThat(ours.get("prepayid").asString()).isEqualTo(theirs.getPrepayId());
        assertThat(ours.get("package").asString()).isEqualTo(theirs.getPackageVal());
        assertThat(isMerchants(
                        theirs.getSign(),
                        theirs.getAppid(),
                        theirs.getTimestamp(),
                        theirs.getNonceStr(),
                        theirs.getPrepayId()))
                .isTrue();
        assertThat(isMerchants(
                        ours.get("sign").asString(),
                        ours.get("appid").asString(),
                        ours.get("timestamp").asString(),
                        ours.get("noncestr").asString(),
                        ours.get("prepayid").asString()))
                .isTrue();
    }

    @Test
    void aPageForPhonesKnowsThePayersAddressAndLeadsBack() {
        wechatpay.respond(
                "POST /v3/pay/transactions/h5",
                200,
                "{\"h5_url\":\"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=1\"}");
        assertThat(channel.place(payment(PaymentMethod.WAP, null)))
                .isEqualTo(new Placement.Placed("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=1"
                        + "&redirect_url=https%3A%2F%2Fshop.example%2Fback%3Fa%3D1%26b"));
        assertThat(asked(0).get("scene_info"))
                .isEqualTo(JSON.readTree("{\"payer_client_ip\":\"203.0.113.7\",\"h5_info\":{\"type\":\"Wap\"}}"));
        assertThat(channel.needsPayerIp(PaymentMethod.WAP)).isTrue();
        assertThat(channel.needsPayerIp(PaymentMethod.QR)).isFalse();
    }

    @Test
    void aScannedCodeIsCharged() {
        Payment payment = payment(PaymentMethod.BARCODE, null);
        wechatpay.respond(
                "POST /v3/pay/transactions/codepay",
                200,
                FakeWechatpay.transaction(payment.id().toString(), "SUCCESS"));
        assertThat(channel.charge(payment, CODE).evidence()).isEqualTo(PAID);
        assertThat(asked(0).get("payer")).isEqualTo(JSON.readTree("{\"auth_code\":\"" + CODE + "\"}"));
        assertThat(asked(0).at("/scene_info/device_ip").asString()).isEqualTo("203.0.113.7");
        assertThat(asked(0).at("/amount/total").asInt()).isEqualTo(1230);
    }

    @ParameterizedTest
    @CsvSource({
        "400, USERPAYING, Unpaid",
        "403, NOT_ENOUGH, Rejected",
        "400, AUTH_CODE_INVALID, Rejected",
        "400, PARAM_ERROR, Rejected",
        "500, SYSTEM_ERROR, Unknown",
        "500, BANK_ERROR, Unknown",
        "401, SIGN_ERROR, Unknown"
    })
    void onlyARefusalOfTheCodeRejectsIt(int status, String code, String evidence) {
        wechatpay.respond("POST /v3/pay/transactions/codepay", status, "{\"code\":\"" + code + "\",\"message\":\"茶\"}");
        assertThat(channel.charge(payment(PaymentMethod.BARCODE, null), CODE)
                        .evidence()
                        .getClass()
                        .getSimpleName())
                .isEqualTo(evidence);
    }

    @ParameterizedTest
    @CsvSource({"REVOKED, Closed", "PAYERROR, Failed", "USERPAYING, Unpaid"})
    void theStatesOfChargesEndOnlyCharges(String state, String evidence) {
        Payment payment = payment(PaymentMethod.BARCODE, null);
        String number = payment.id().toString();
        wechatpay.respond(
                "GET /v3/pay/transactions/out-trade-no/" + number + "?mchid=" + MERCHANT,
                200,
                FakeWechatpay.transaction(number, state));
        assertThat(channel.query(payment).evidence().getClass().getSimpleName()).isEqualTo(evidence);
        assertThat(channel.query(payment(PaymentMethod.QR, null)).evidence())
                .isInstanceOfAny(Evidence.Unknown.class, Evidence.Unpaid.class);
    }

    @Test
    void aChargeIsReversed() {
        Payment payment = payment(PaymentMethod.BARCODE, null);
        String reverse = "POST /v3/pay/transactions/out-trade-no/" + payment.id() + "/reverse";
        assertThat(channel.close(payment).evidence()).as("it may still arrive").isInstanceOf(Evidence.Unknown.class);

        wechatpay.respond(reverse, 200, "{\"out_trade_no\":\"" + payment.id() + "\"}");
        assertThat(channel.close(payment).evidence()).isEqualTo(new Evidence.Closed());
        assertThat(asked(1))
                .isEqualTo(JSON.readTree("{\"appid\":\"" + FakeWechatpay.APP + "\",\"mchid\":\"" + MERCHANT + "\"}"));
    }

    @Test
    void whatWechatPayCannotCarryIsRefused() {
        assertThat(channel.checkSubject("茶".repeat(42))).isNull();
        assertThat(channel.checkSubject("茶".repeat(43))).contains("127 bytes");
        assertThat(channel.checkAttach("a".repeat(128))).isNull();
        assertThat(channel.checkAttach("a".repeat(129))).contains("128 bytes");
    }
}
