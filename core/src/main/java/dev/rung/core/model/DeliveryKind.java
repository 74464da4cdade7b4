package dev.rung.core.model;

/** The kind of a delivery. The codes are stored. */
public enum DeliveryKind implements CodedEnum {
    /** A notification to its merchant. */
    NOTIFICATION(0, "notification"),
    /**
     * A query of a payment channel on behalf of a payment's merchant. It is scheduled, attempted and recorded like a notification, but
     * not listed or counted among notifications.
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
