package dev.rung.client;

import org.jspecify.annotations.Nullable;

/**
 * How the payer pays. {@code GET /v1/channels} names the methods of each account.
 *
 * @param returnUrl where the payer's browser goes afterwards
 * @param payerIp the payer's address; where a channel requires one, the caller's is the default
 * @param payerId the payer's id at the channel, for {@link PaymentMethod#JSAPI}
 * @param authCode the payer's code, for {@link PaymentMethod#BARCODE}
 */
public record PaymentWay(
        PaymentMethod method,
        @Nullable String returnUrl,
        @Nullable String payerIp,
        @Nullable String payerId,
        @Nullable String authCode) {

    /** {@link Payment#payUrl} is the content of a code that the payer scans. */
    public static PaymentWay qr() {
        return new PaymentWay(PaymentMethod.QR, null, null, null, null);
    }

    /** {@link Payment#payUrl} is a page for desktop browsers. */
    public static PaymentWay page(@Nullable String returnUrl) {
        return new PaymentWay(PaymentMethod.PAGE, returnUrl, null, null, null);
    }

    /** {@link Payment#payUrl} is a page for mobile browsers. */
    public static PaymentWay wap(@Nullable String returnUrl, @Nullable String payerIp) {
        return new PaymentWay(PaymentMethod.WAP, returnUrl, payerIp, null, null);
    }

    /** {@link Payment#payParams} is for the channel's SDK in the merchant's app. */
    public static PaymentWay app() {
        return new PaymentWay(PaymentMethod.APP, null, null, null, null);
    }

    /** {@link Payment#payParams} is for a page or mini-program inside the channel's app. */
    public static PaymentWay jsapi(String payerId) {
        return new PaymentWay(PaymentMethod.JSAPI, null, null, payerId, null);
    }

    /** The payer's code, scanned by the merchant, is charged; the call takes up to 5 s. */
    public static PaymentWay barcode(String authCode) {
        return new PaymentWay(PaymentMethod.BARCODE, null, null, null, authCode);
    }

    JsonWriter put(JsonWriter json) {
        return json.put("method", method)
                .put("return_url", returnUrl)
                .put("payer_ip", payerIp)
                .put("payer_id", payerId)
                .put("auth_code", authCode);
    }

    /** Omits the payer's code. */
    @Override
    public String toString() {
        return "PaymentWay[" + method + "]";
    }
}
