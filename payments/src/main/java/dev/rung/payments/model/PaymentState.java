package dev.rung.payments.model;

import dev.rung.core.model.CodedEnum;

/** The state of a payment. The codes are stored. */
public enum PaymentState implements CodedEnum {
    /** Stored; the channel has not confirmed the order yet. */
    CREATED(0, "created"),
    /** The channel waits for the payer. */
    PAYING(1, "paying"),
    /** Paid. Final. */
    SUCCEEDED(2, "succeeded"),
    /** Failed at the channel. Final. */
    FAILED(3, "failed"),
    /** Not paid in time, or closed by the merchant, and closed at the channel. Final. */
    CLOSED(4, "closed");

    private final int code;
    private final String text;

    PaymentState(int code, String text) {
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

    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED || this == CLOSED;
    }
}
