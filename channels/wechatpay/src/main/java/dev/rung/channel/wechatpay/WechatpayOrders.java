package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.PaymentWindow;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.net.URLEncoder;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Places orders, by each method of paying that WeChat Pay has. Thread-safe. */
final class WechatpayOrders {
    static final List<PaymentMethod> METHODS =
            List.of(PaymentMethod.QR, PaymentMethod.WAP, PaymentMethod.APP, PaymentMethod.JSAPI, PaymentMethod.BARCODE);

    /** WeChat Pay counts the bytes of UTF-8. */
    static final int DESCRIPTION_BYTES_MAX = 127;

    static final int ATTACH_BYTES_MAX = 128;

    /** The answer to a charge that the payer has to confirm. */
    private static final String PAYER_CONFIRMS = "USERPAYING";

    /**
     * Errors caused by the request itself, which no repetition changes. A rejected placement fails the payment, so the list holds only
     * documented codes; other errors may be temporary or concern an order that exists already ({@code OUT_TRADE_NO_USED}, {@code
     * ORDERPAID}, {@code INVALID_REQUEST}).
     */
    private static final Set<String> REFUSALS =
            Set.of("PARAM_ERROR", "APPID_MCHID_NOT_MATCH", "MCH_NOT_EXISTS", "NO_AUTH");

    /** Errors of the payer's code, which is charged once; some gateways use the spelling of API v2. */
    private static final Set<String> CHARGE_REFUSALS = Set.of(
            "AUTH_CODE_ERROR",
            "AUTH_CODE_INVALID",
            "AUTH_CODE_EXPIRED",
            "AUTHCODEEXPIRE",
            "NOT_ENOUGH",
            "NOTENOUGH",
            "NOTSUPORTCARD");

    private final WechatpayGateway gateway;
    private final Supplier<URI> notifyUrl;

    WechatpayOrders(WechatpayGateway gateway, Supplier<URI> notifyUrl) {
        this.gateway = gateway;
        this.notifyUrl = notifyUrl;
    }

    /** Places an order of any method but {@code BARCODE}. */
    Placement place(Payment payment, PaymentWindow window) {
        Payment.Checkout checkout = payment.order().checkout();
        WechatpayParties parties = gateway.parties(payment);
        return switch (checkout.method()) {
            case QR ->
                called("native", payment, order(payment, window, json -> {}), answer -> url(answer.text("code_url")));
            case WAP ->
                called(
                        "h5",
                        payment,
                        order(payment, window, json -> scene(json, checkout)),
                        answer -> url(returning(answer.text("h5_url"), checkout.returnUrl())));
            case APP ->
                called(
                        "app",
                        payment,
                        order(payment, window, json -> {}),
                        answer -> prepaid(answer, id -> gateway.signatures().app(parties.clientAppId(), id)));
            case JSAPI ->
                called(
                        "jsapi",
                        payment,
                        order(
                                payment,
                                window,
                                json -> payer(json, parties.payerMember(), String.valueOf(checkout.payerId()))),
                        answer -> prepaid(answer, id -> gateway.signatures().jsapi(parties.clientAppId(), id)));
            case PAGE -> new Placement.Rejected("WeChat Pay has no pages for desktop browsers");
            case BARCODE -> new Placement.Rejected("a barcode payment needs the payer's code");
        };
    }

    private static Placement.@Nullable Placed url(@Nullable String url) {
        return url == null ? null : new Placement.Placed(url);
    }

    private static @Nullable String returning(@Nullable String url, @Nullable String returnUrl) {
        return url == null || returnUrl == null
                ? url
                : url + (url.contains("?") ? "&" : "?") + "redirect_url=" + URLEncoder.encode(returnUrl, UTF_8);
    }

    private static Placement.@Nullable Placed prepaid(JsonObject answer, Function<String, String> params) {
        String id = answer.text("prepay_id");
        return id == null ? null : Placement.Placed.withParams(params.apply(id));
    }

    private static void scene(JsonGenerator json, Payment.Checkout checkout) {
        json.writeObjectPropertyStart("scene_info");
        json.writeStringProperty("payer_client_ip", checkout.payerIp());
        json.writeObjectPropertyStart("h5_info");
        json.writeStringProperty("type", "Wap");
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void payer(JsonGenerator json, String member, String value) {
        json.writeObjectPropertyStart("payer");
        json.writeStringProperty(member, value);
        json.writeEndObject();
    }

    private Placement called(
            String method, Payment payment, byte[] order, Function<JsonObject, Placement.@Nullable Placed> opened) {
        WechatpayResponse answer = gateway.call(
                "POST", gateway.parties(payment).orders() + method, order, Deadline.in(GatewayClient.CALL));
        return switch (answer) {
            case WechatpayResponse.Unclear unclear -> new Placement.Unclear(unclear.reason());
            case WechatpayResponse.Verified verified
            when verified.status() == 200 -> {
                Placement.Placed placed = opened.apply(verified.members());
                yield placed != null
                        ? placed
                        : new Placement.Unclear("placed, but the response does not say how the order is paid");
            }
            case WechatpayResponse.Verified verified
            when REFUSALS.contains(verified.code()) && !verified.isAboutKeys() ->
                new Placement.Rejected(verified.fault());
            case WechatpayResponse.Verified verified -> new Placement.Unclear(verified.fault());
        };
    }

    /** Charges the payer's code. */
    WechatpayResponse charge(Payment payment, PaymentWindow window, String authCode) {
        byte[] order = order(payment, window, json -> {
            payer(json, "auth_code", authCode);
            json.writeObjectPropertyStart("scene_info");
            if (payment.order().checkout().payerIp() != null) {
                json.writeStringProperty("device_ip", payment.order().checkout().payerIp());
            }
            json.writeObjectPropertyStart("store_info");
            json.writeStringProperty("out_id", payment.order().merchantId().toString());
            json.writeEndObject();
            json.writeEndObject();
        });
        return gateway.call(
                "POST", gateway.parties(payment).orders() + "codepay", order, Deadline.in(GatewayClient.CALL));
    }

    /** The evidence in the answer to a charge. */
    Evidence charged(Payment payment, WechatpayResponse answer) {
        return switch (answer) {
            case WechatpayResponse.Unclear unclear -> new Evidence.Unknown(unclear.reason());
            case WechatpayResponse.Verified verified
            when verified.status() == 200 -> {
                WechatpayTransaction transaction = new WechatpayTransaction(verified.members());
                yield transaction.isOf(gateway.parties(payment), payment)
                        ? transaction.evidence(true)
                        : new Evidence.Unknown("the response is for another order");
            }
            case WechatpayResponse.Verified verified
            when verified.code().equals(PAYER_CONFIRMS) -> new Evidence.Unpaid();
            case WechatpayResponse.Verified verified
            when (REFUSALS.contains(verified.code()) || CHARGE_REFUSALS.contains(verified.code()))
                    && !verified.isAboutKeys() -> new Evidence.Rejected(verified.fault());
            case WechatpayResponse.Verified verified -> new Evidence.Unknown(verified.fault());
        };
    }

    private interface Members {
        void write(JsonGenerator json);
    }

    private byte[] order(Payment payment, PaymentWindow window, Members more) {
        Payment.Order order = payment.order();
        return JsonObject.write(json -> {
            gateway.parties(payment).writeApps(json);
            json.writeStringProperty("description", order.subject());
            json.writeStringProperty("out_trade_no", payment.id().toString());
            json.writeStringProperty(
                    "time_expire",
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                            window.until().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.ofHours(8))));
            json.writeStringProperty("notify_url", notifyUrl.get().toString());
            if (order.checkout().attach() != null) {
                json.writeStringProperty("attach", order.checkout().attach());
            }
            json.writeObjectPropertyStart("amount");
            json.writeNumberProperty("total", order.amount().value());
            json.writeStringProperty("currency", "CNY");
            json.writeEndObject();
            more.write(json);
        });
    }
}
