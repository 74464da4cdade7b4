package dev.rung.payments.model;

import dev.rung.core.model.CodedEnum;

/** How a payer opens the payment. The codes are stored. */
public enum PaymentMethod implements CodedEnum {
    /** A code that the payer scans. */
    QR(0, "qr"),
    /** A page in a desktop browser. */
    PAGE(1, "page"),
    /** A page in a mobile browser. */
    WAP(2, "wap"),
    /** The channel's SDK inside a merchant's app. */
    APP(3, "app"),
    /** A page or mini-program inside the channel's own app. */
    JSAPI(4, "jsapi"),
    /** The merchant scans the payer's code. */
    BARCODE(5, "barcode");

    private final int code;
    private final String text;

    PaymentMethod(int code, String text) {
        this.code = code;
        this.text = text;
    }

    @Override
    public int code() {
        return code;
    }

    @Override
    public String text() {
        return text;
    }
}
