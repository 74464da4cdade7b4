package dev.rung.payments.channel;

import java.util.Locale;

/** How a payer opens the payment. */
public enum PaymentMethod {
    /** A code that the payer scans. */
    QR,
    /** A page in a desktop browser. */
    PAGE,
    /** A page in a mobile browser. */
    WAP,
    /** The channel's SDK inside a merchant's app. */
    APP,
    /** A page or mini-program inside the channel's own app. */
    JSAPI,
    /** The merchant scans the payer's code. */
    BARCODE;

    /** The value in the API. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
