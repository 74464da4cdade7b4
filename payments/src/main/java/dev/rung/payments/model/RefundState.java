package dev.rung.payments.model;

import dev.rung.core.model.CodedEnum;

/** The state of a refund. The codes are stored. */
public enum RefundState implements CodedEnum {
    /** Stored; the channel has not ended it, and may not have received it yet. */
    PROCESSING(0, "processing"),
    /** Refunded to the payer. Final. */
    SUCCEEDED(1, "succeeded"),
    /** Failed at the channel, or declined by an operator. Final. */
    FAILED(2, "failed");

    private final int code;
    private final String text;

    RefundState(int code, String text) {
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
        return this != PROCESSING;
    }
}
