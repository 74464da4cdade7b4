package dev.rung.payments.model;

import dev.rung.core.model.CodedEnum;

/** The source of evidence or of a change. The codes are stored. */
public enum ChangeSource implements CodedEnum {
    MERCHANT(0, "merchant"),
    PLACEMENT(1, "placement"),
    CALLBACK(2, "callback"),
    QUERY(3, "query"),
    CLOSE(4, "close"),
    EXPIRY(5, "expiry"),
    OPERATOR(6, "operator"),
    RECONCILIATION(7, "reconciliation");

    private final int code;
    private final String text;

    ChangeSource(int code, String text) {
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
