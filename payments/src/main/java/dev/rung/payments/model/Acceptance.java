package dev.rung.payments.model;

import dev.rung.core.model.CodedEnum;

/** How a discrepancy of a payment is settled by what its channel proves. The codes are stored. */
public enum Acceptance implements CodedEnum {
    /** The payment becomes what the channel proved, and the merchant is notified. */
    CHANNEL(0, "channel"),
    /** The payer gets the money back. */
    REFUND(1, "refund");

    private final int code;
    private final String text;

    Acceptance(int code, String text) {
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
