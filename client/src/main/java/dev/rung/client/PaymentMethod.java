package dev.rung.client;

/** How a payer opens a payment. */
public enum PaymentMethod implements ApiValue {
    /** A code that the payer scans. */
    QR("qr"),
    /** A page in a desktop browser. */
    PAGE("page"),
    /** A page in a mobile browser. */
    WAP("wap"),
    /** The channel's SDK in the merchant's app. */
    APP("app"),
    /** A page or mini-program inside the channel's app. */
    JSAPI("jsapi"),
    /** The merchant scans the payer's code. */
    BARCODE("barcode"),
    /** A value of a newer server. */
    UNKNOWN("unknown");

    private final String apiValue;

    PaymentMethod(String apiValue) {
        this.apiValue = apiValue;
    }

    @Override
    public String apiValue() {
        return apiValue;
    }
}
