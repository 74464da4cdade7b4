package dev.rung.payments.model;

import dev.rung.core.model.CodedEnum;

/** How a discrepancy of a payment is settled with the state that its channel confirms. The codes are stored. */
public enum Acceptance implements CodedEnum {
    /** The payment takes the state that the channel confirmed, and the merchant is notified. */
    CHANNEL(0, "channel"),
    /** The payer is refunded. */
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
