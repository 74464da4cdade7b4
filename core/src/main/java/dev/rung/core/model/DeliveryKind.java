package dev.rung.core.model;

/** What a delivery carries to whom. The codes are stored. */
public enum DeliveryKind implements CodedEnum {
    /** A notification to its merchant. */
    NOTIFICATION(0, "notification"),
    /**
     * A question to a payment channel on behalf of a payment's merchant. It is woken, attempted and recorded like a notification, and
     * neither listed nor counted among them.
     */
    CHANNEL_QUERY(1, "channel_query");

    private final int code;
    private final String text;

    DeliveryKind(int code, String text) {
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
