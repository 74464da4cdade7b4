package dev.rung.payments.channel;

import java.util.Locale;

/** How a payer gets to paying. */
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

    /** As the API spells it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
