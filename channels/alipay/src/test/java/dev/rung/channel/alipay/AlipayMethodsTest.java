package dev.rung.channel.alipay;

import static dev.rung.channel.alipay.FakeAlipay.json;
import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayRequest;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.domain.AlipayTradeAppPayModel;
import com.alipay.api.domain.AlipayTradeCancelModel;
import com.alipay.api.domain.AlipayTradeCreateModel;
import com.alipay.api.domain.AlipayTradePagePayModel;
import com.alipay.api.domain.AlipayTradePayModel;
import com.alipay.api.domain.AlipayTradeWapPayModel;
import com.alipay.api.request.AlipayTradeAppPayRequest;
import com.alipay.api.request.AlipayTradeCancelRequest;
import com.alipay.api.request.AlipayTradeCreateRequest;
import com.alipay.api.request.AlipayTradePagePayRequest;
import com.alipay.api.request.AlipayTradePayRequest;
import com.alipay.api.request.AlipayTradeWapPayRequest;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.Orders;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Each method of paying; Alipay's own SDK writes the same requests. */
class AlipayMethodsTest {
    private static final String NOTIFY = "https://pay.example/callbacks/alipay";
    private static final String RETURN = "https://shop.example/back?order=T1001";
    private static final String ATTACH = "table 7 & 茶";
    private static final String CODE = "28763443825664394";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeAlipay alipay = new FakeAlipay();
    private final GatewayClient client = new GatewayClient(null);
    private final AlipayAccount account = alipay.account(AlipayAccount.Mode.PRECREATE);
    private Instant now = NOON.plusSeconds(1);
    private final AlipayChannel channel = new AlipayChannel(
            account, () -> URI.create(NOTIFY), client, () -> now, FakeAlipay.NO_TOKENS, FakeAlipay.NO_FILE);
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

    private static Payment payment(PaymentMethod method) {
        return payment(method, null);
    }

    private static Payment payment(PaymentMethod method, @Nullable String payer) {
        return Orders.payment("alipay", new Payment.Checkout(method, RETURN, "203.0.113.7", payer, ATTACH));
    }

    private static Map<String, String> fields(String query) {
        return FakeAlipay.parse(query);
    }

    /** Both requests, but for their times and signatures. */
    private static void assertAlike(Map<String, String> ours, Map<String, String> theirs) {
        assertThat(FakeAlipay.signed(ours)).isTrue();
        assertThat(FakeAlipay.signed(theirs)).isTrue();
        assertThat(comparable(ours)).isEqualTo(comparable(theirs));
    }

    private static Map<String, Object> comparable(Map<String, String> fields) {
        Map<String, Object> rest = new HashMap<>(fields);
        List.of("sign", "timestamp", "alipay_sdk", "format").forEach(rest::remove);
        JsonNode content = JSON.readTree(String.valueOf(rest.remove("biz_content")));
        rest.put("biz_content", content);
        return rest;
    }

    private static <R extends AlipayRequest<?>> R addressed(R request, com.alipay.api.AlipayObject model) {
        request.setBizModel(model);
        request.setNotifyUrl(NOTIFY);
        return request;
    }

    private String url(AlipayRequest<? extends com.alipay.api.AlipayResponse> request) throws AlipayApiException {
        request.setReturnUrl(RETURN);
        return URI.create(sdk.pageExecute(request, "GET").getBody()).getRawQuery();
    }

    @Test
    void aPageIsPlacedByThePayersBrowser() throws AlipayApiException {
        Payment payment = payment(PaymentMethod.PAGE);
        String url = String.valueOf(((Placement.Placed) channel.place(payment)).payUrl());
        assertThat(alipay.gateway.asked()).isEmpty();
        assertThat(url).startsWith(alipay.gateway.url() + "/gateway.do?");

        AlipayTradePagePayModel model = new AlipayTradePagePayModel();
        model.setOutTradeNo(payment.id().toString());
        model.setTotalAmount("12.30");
        model.setSubject(payment.order().subject());
        model.setTimeExpire("2026-11-23 12:15:00");
        model.setPassbackParams("table+7+%26+%E8%8C%B6");
        model.setProductCode("FAST_INSTANT_TRADE_PAY");
        assertAlike(
                fields(URI.create(url).getRawQuery()), fields(url(addressed(new AlipayTradePagePayRequest(), model))));
    }

    @Test
    void aPageForPhonesLeadsBackToTheShop() throws AlipayApiException {
        Payment payment = payment(PaymentMethod.WAP);
        String url = String.valueOf(((Placement.Placed) channel.place(payment)).payUrl());

        AlipayTradeWapPayModel model = new AlipayTradeWapPayModel();
        model.setOutTradeNo(payment.id().toString());
        model.setTotalAmount("12.30");
        model.setSubject(payment.order().subject());
        model.setTimeExpire("2026-11-23 12:15:00");
        model.setPassbackParams("table+7+%26+%E8%8C%B6");
        model.setProductCode("QUICK_WAP_WAY");
        model.setQuitUrl(RETURN);
        assertAlike(
                fields(URI.create(url).getRawQuery()), fields(url(addressed(new AlipayTradeWapPayRequest(), model))));
    }

    @Test
    void anAppIsGivenASignedOrder() throws AlipayApiException {
        Payment payment = payment(PaymentMethod.APP);
        String order = params(channel.place(payment)).get("orderStr").asString();

        AlipayTradeAppPayModel model = new AlipayTradeAppPayModel();
        model.setOutTradeNo(payment.id().toString());
        model.setTotalAmount("12.30");
        model.setSubject(payment.order().subject());
        model.setTimeExpire("2026-11-23 12:15:00");
        model.setPassbackParams("table+7+%26+%E8%8C%B6");
        model.setProductCode("QUICK_MSECURITY_PAY");
        assertAlike(
                fields(order),
                fields(sdk.sdkExecute(addressed(new AlipayTradeAppPayRequest(), model))
                        .getBody()));
    }

    private static JsonNode params(Placement placement) {
        Placement.Placed placed = (Placement.Placed) placement;
        assertThat(placed.payUrl()).isNull();
        return JSON.readTree(String.valueOf(placed.payParams()));
    }

    @ParameterizedTest
    @CsvSource({"2088102146225135, buyer_id", "0kLmQv7JzXwQ3sQH8r1fD2sT, buyer_open_id"})
    void aMiniProgramIsGivenTheTradeOfItsUser(String payer, String member) throws AlipayApiException {
        Payment payment = payment(PaymentMethod.JSAPI, payer);
        alipay.respond("alipay.trade.create", json(members(payment, "trade_no", "2026112322001")));
        assertThat(params(channel.place(payment)).get("tradeNO").asString()).isEqualTo("2026112322001");

        AlipayTradeCreateModel model = new AlipayTradeCreateModel();
        model.setOutTradeNo(payment.id().toString());
        model.setTotalAmount("12.30");
        model.setSubject(payment.order().subject());
        model.setTimeExpire("2026-11-23 12:15:00");
        model.setPassbackParams("table+7+%26+%E8%8C%B6");
        model.setProductCode("JSAPI_PAY");
        model.setOpAppId(FakeAlipay.APP);
        if (member.equals("buyer_id")) {
            model.setBuyerId(payer);
        } else {
            model.setBuyerOpenId(payer);
        }
        sdk.execute(addressed(new AlipayTradeCreateRequest(), model));
        assertBothAsked();
    }

    private void assertBothAsked() {
        assertAlike(
                FakeAlipay.fields(alipay.gateway.asked().get(0)),
                FakeAlipay.fields(alipay.gateway.asked().get(1)));
    }

    private static Map<String, String> members(Payment payment, String... more) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("code", "10000");
        members.put("msg", "Success");
        members.put("out_trade_no", payment.id().toString());
        for (int i = 0; i < more.length; i += 2) {
            members.put(more[i], more[i + 1]);
        }
        return members;
    }

    @Test
    void aScannedCodeIsCharged() throws AlipayApiException {
        Payment payment = payment(PaymentMethod.BARCODE);
        alipay.respond(
                "alipay.trade.pay",
                json(members(
                        payment,
                        "trade_no",
                        "2026112322001",
                        "total_amount",
                        "12.30",
                        "gmt_payment",
                        "2026-11-23 12:00:03")));
        assertThat(channel.charge(payment, CODE).evidence())
                .isEqualTo(new Evidence.Paid("2026112322001", payment.order().amount(), NOON.plusSeconds(3)));

        AlipayTradePayModel model = new AlipayTradePayModel();
        model.setOutTradeNo(payment.id().toString());
        model.setTotalAmount("12.30");
        model.setSubject(payment.order().subject());
        model.setTimeExpire("2026-11-23 12:15:00");
        model.setPassbackParams("table+7+%26+%E8%8C%B6");
        model.setProductCode("FACE_TO_FACE_PAYMENT");
        model.setScene("bar_code");
        model.setAuthCode(CODE);
        sdk.execute(addressed(new AlipayTradePayRequest(), model));
        assertBothAsked();
    }

    @ParameterizedTest
    @CsvSource({
        "40004, ACQ.PAYMENT_AUTH_CODE_INVALID, Rejected",
        "40004, ACQ.BUYER_BALANCE_NOT_ENOUGH, Rejected",
        "40004, ACQ.SYSTEM_ERROR, Unknown",
        "20000, isp.unknow-error, Unknown",
        "10003, , Unpaid"
    })
    void onlyARefusalOfTheCodeRejectsIt(String code, @Nullable String subCode, String evidence) {
        Payment payment = payment(PaymentMethod.BARCODE);
        alipay.respond(
                "alipay.trade.pay",
                "{\"code\":\"" + code + "\"" + (subCode == null ? "" : ",\"sub_code\":\"" + subCode + "\"") + "}");
        assertThat(channel.charge(payment, CODE).evidence().getClass().getSimpleName())
                .isEqualTo(evidence);
    }

    @Test
    void aChargeIsCancelled() throws AlipayApiException {
        Payment payment = payment(PaymentMethod.BARCODE);
        alipay.respond("alipay.trade.cancel", json(members(payment, "retry_flag", "N", "action", "close")));
        assertThat(channel.close(payment).evidence()).isEqualTo(new Evidence.Closed());

        AlipayTradeCancelModel model = new AlipayTradeCancelModel();
        model.setOutTradeNo(payment.id().toString());
        AlipayTradeCancelRequest request = new AlipayTradeCancelRequest();
        request.setBizModel(model);
        sdk.execute(request);
        assertBothAsked();
    }

    @Test
    void aCancelledChargeOfWhichNothingIsKnownMayStillArriveUntilItHasExpired() {
        Payment payment = payment(PaymentMethod.BARCODE);
        alipay.respond("alipay.trade.cancel", json(members(payment, "retry_flag", "N")));
        assertThat(channel.close(payment).evidence()).isInstanceOf(Evidence.Unknown.class);
        now = payment.expiresAt().plusSeconds(61);
        assertThat(channel.close(payment).evidence()).isEqualTo(new Evidence.Closed());
    }

    @Test
    void theModeOfTheAccountIsItsDefault() {
        AlipayType type = new AlipayType();
        Map<String, String> page = new HashMap<>(alipay.members());
        page.put("mode", "page");
        assertThat(type.methods(ChannelAccount.of(type, "alipay", alipay.members())))
                .startsWith(PaymentMethod.QR)
                .hasSize(6);
        assertThat(type.methods(ChannelAccount.of(type, "alipay", page)))
                .startsWith(PaymentMethod.PAGE)
                .hasSize(6);
    }

    @Test
    void whatAlipayCannotCarryIsRefused() {
        assertThat(channel.checkAttach("a".repeat(512))).isNull();
        assertThat(channel.checkAttach("茶".repeat(57))).contains("512 characters once URL-encoded");
        assertThat(channel.checkSubject("茶".repeat(256))).isNull();
    }

    @Test
    void theCodeIsNotInTheTimeline() {
        Payment payment = payment(PaymentMethod.BARCODE);
        alipay.gateway.behave(request ->
                FakeAlipay.said(new String(request.body(), UTF_8).contains(CODE) ? "{\"error\":\"?\"}" : "{}"));
        assertThat(channel.charge(payment, CODE).toString()).doesNotContain(CODE);
    }
}
