package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.PaymentWindow;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Places orders, by each method of paying. Thread-safe. */
final class AlipayOrders {
    static final int SUBJECT_MAX = 256;
    /** Of {@code passback_params}, which is sent encoded. */
    static final int ATTACH_ENCODED_MAX = 512;

    private static final String PRECREATE = "alipay.trade.precreate";
    private static final String PAGE_PAY = "alipay.trade.page.pay";
    private static final String WAP_PAY = "alipay.trade.wap.pay";
    private static final String APP_PAY = "alipay.trade.app.pay";
    private static final String CREATE = "alipay.trade.create";
    private static final String PAY = "alipay.trade.pay";

    /** The answer to a charge that the payer has to confirm. */
    private static final String PAYER_CONFIRMS = "10003";

    /** The id of an Alipay user; others are ids within an app. */
    private static final String USER_ID = "2088\\d{12}";

    /**
     * Errors caused by the request itself, which no repetition changes. A rejected placement fails the payment, so the list holds only
     * documented codes; other errors may be temporary or concern an order that exists already.
     */
    private static final Set<String> REFUSALS = Set.of(
            "ACQ.INVALID_PARAMETER",
            "ACQ.ACCESS_FORBIDDEN",
            "ACQ.EXIST_FORBIDDEN_WORD",
            "ACQ.PARTNER_ERROR",
            "ACQ.TOTAL_FEE_EXCEED");

    /** Errors of the payer's code, which is charged once. */
    private static final Set<String> CHARGE_REFUSALS = Set.of(
            "ACQ.PAYMENT_AUTH_CODE_INVALID",
            "ACQ.BUYER_BALANCE_NOT_ENOUGH",
            "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
            "ACQ.ERROR_BALANCE_PAYMENT_DISABLE",
            "ACQ.BUYER_SELLER_EQUAL",
            "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT",
            "ACQ.PAYMENT_REQUEST_HAS_RISK",
            "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE",
            "ACQ.BUYER_ENABLE_STATUS_FORBID",
            "ACQ.PULL_MOBILE_CASHIER_FAIL",
            "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR",
            "ACQ.BEYOND_PAY_RESTRICTION",
            "ACQ.BEYOND_PER_RECEIPT_RESTRICTION");

    private final AlipayGateway gateway;
    private final Supplier<URI> notifyUrl;

    AlipayOrders(AlipayGateway gateway, Supplier<URI> notifyUrl) {
        this.gateway = gateway;
        this.notifyUrl = notifyUrl;
    }

    /** Places an order of any method but {@code BARCODE}. The payer's client places those of a page or an app, by opening them. */
    Placement place(Payment payment, PaymentWindow window) {
        Payment.Checkout checkout = payment.order().checkout();
        AlipayRequests requests = gateway.requests();
        return switch (checkout.method()) {
            case QR ->
                called(PRECREATE, content(payment, window, json -> {}), payment, answer -> {
                    String code = answer.text("qr_code");
                    return code == null ? null : new Placement.Placed(code);
                });
            case PAGE ->
                new Placement.Placed(requests.page(
                        PAGE_PAY,
                        content(payment, window, json -> product(json, "FAST_INSTANT_TRADE_PAY")),
                        notifyUrl.get(),
                        checkout.returnUrl(),
                        payment.order().merchantId()));
            case WAP ->
                new Placement.Placed(requests.page(
                        WAP_PAY,
                        content(payment, window, json -> {
                            product(json, "QUICK_WAP_WAY");
                            if (checkout.returnUrl() != null) {
                                json.writeStringProperty("quit_url", checkout.returnUrl());
                            }
                        }),
                        notifyUrl.get(),
                        checkout.returnUrl(),
                        payment.order().merchantId()));
            case APP ->
                Placement.Placed.withParams(params(
                        "orderStr",
                        requests.orderText(
                                APP_PAY,
                                content(payment, window, json -> product(json, "QUICK_MSECURITY_PAY")),
                                notifyUrl.get(),
                                payment.order().merchantId())));
            case JSAPI ->
                called(CREATE, content(payment, window, json -> payer(json, checkout.payerId())), payment, answer -> {
                    String tradeNo = answer.text("trade_no");
                    return tradeNo == null ? null : Placement.Placed.withParams(params("tradeNO", tradeNo));
                });
            case BARCODE -> new Placement.Rejected("a barcode payment needs the payer's code");
        };
    }

    private void payer(JsonGenerator json, @Nullable String payerId) {
        product(json, "JSAPI_PAY");
        json.writeStringProperty("op_app_id", gateway.account().appId());
        String id = String.valueOf(payerId);
        json.writeStringProperty(id.matches(USER_ID) ? "buyer_id" : "buyer_open_id", id);
    }

    private static void product(JsonGenerator json, String code) {
        json.writeStringProperty("product_code", code);
    }

    private static String params(String name, String value) {
        return new String(JsonObject.write(json -> json.writeStringProperty(name, value)), UTF_8);
    }

    private Placement called(
            String method, byte[] content, Payment payment, Function<JsonObject, Placement.@Nullable Placed> opened) {
        AlipayResponse answer =
                gateway.call(method, content, notifyUrl.get(), payment, Deadline.in(GatewayClient.CALL));
        return switch (answer) {
            case AlipayResponse.Unclear unclear -> new Placement.Unclear(unclear.reason());
            case AlipayResponse.Verified verified
            when verified.succeeded() -> {
                Placement.Placed placed = opened.apply(verified.response());
                yield placed != null && AlipayGateway.isOf(payment, verified.response())
                        ? placed
                        : new Placement.Unclear("placed, but the response does not say how this order is paid");
            }
            case AlipayResponse.Verified verified
            when REFUSALS.contains(verified.code()) -> new Placement.Rejected(verified.fault());
            case AlipayResponse.Verified verified -> new Placement.Unclear(verified.fault());
        };
    }

    /** Charges the payer's code. */
    AlipayResponse charge(Payment payment, PaymentWindow window, String authCode) {
        byte[] content = content(payment, window, json -> {
            product(json, "FACE_TO_FACE_PAYMENT");
            json.writeStringProperty("scene", "bar_code");
            json.writeStringProperty("auth_code", authCode);
        });
        return gateway.call(PAY, content, notifyUrl.get(), payment, Deadline.in(GatewayClient.CALL));
    }

    /** The evidence in the answer to a charge. */
    static Evidence charged(Payment payment, AlipayResponse answer) {
        return switch (answer) {
            case AlipayResponse.Unclear unclear -> new Evidence.Unknown(unclear.reason());
            case AlipayResponse.Verified verified
            when REFUSALS.contains(verified.code()) || CHARGE_REFUSALS.contains(verified.code()) ->
                new Evidence.Rejected(verified.fault());
            case AlipayResponse.Verified verified
            when PAYER_CONFIRMS.equals(verified.response().text("code")) -> new Evidence.Unpaid();
            case AlipayResponse.Verified verified when !verified.succeeded() -> new Evidence.Unknown(verified.fault());
            case AlipayResponse.Verified verified ->
                AlipayGateway.isOf(payment, verified.response())
                        ? AlipayTrade.ofCharge(verified.response()::text).evidence()
                        : new Evidence.Unknown("the response is for another order");
        };
    }

    private interface Members {
        void write(JsonGenerator json);
    }

    private static byte[] content(Payment payment, PaymentWindow window, Members more) {
        Payment.Order order = payment.order();
        return JsonObject.write(json -> {
            json.writeStringProperty("out_trade_no", payment.id().toString());
            json.writeStringProperty("total_amount", order.amount().major());
            json.writeStringProperty("subject", order.subject());
            json.writeStringProperty("time_expire", AlipayTime.text(window.until()));
            if (order.checkout().attach() != null) {
                json.writeStringProperty(
                        "passback_params", encoded(order.checkout().attach()));
            }
            more.write(json);
        });
    }

    /** Alipay requires this text encoded, and repeats it so in callbacks. */
    static String encoded(String attach) {
        return URLEncoder.encode(attach, UTF_8);
    }
}
