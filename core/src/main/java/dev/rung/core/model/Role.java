package dev.rung.core.model;

/** What the holder of an API key may do. The codes are stored. */
public enum Role implements CodedEnum {
    /** Reads and changes everything. */
    OPERATOR(0, "operator"),
    /** Reads everything except secrets. */
    VIEWER(1, "viewer"),
    /** Creates and reads notifications, payments and refunds, nothing else. */
    INTAKE(2, "intake"),
    /** Reads what belongs to one merchant, and resends its notifications. */
    MERCHANT_VIEW(3, "view"),
    /** As {@link #MERCHANT_VIEW}; also changes what the merchant itself may change. */
    MERCHANT_MANAGE(4, "manage");

    private final int code;
    private final String text;

    Role(int code, String text) {
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

    /** Whether it is a role of a merchant's own key. */
    public boolean isOfMerchant() {
        return this == MERCHANT_VIEW || this == MERCHANT_MANAGE;
    }
}
