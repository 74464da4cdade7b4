package dev.rung.core.model;

/** The state of a delivery. The codes are stored; they never change their meaning. */
public enum DeliveryState implements CodedEnum {
    /** Not acknowledged yet; an attempt is pending. */
    WAITING(0, "waiting"),
    /** Acknowledged. Never changes again. */
    DELIVERED(1, "delivered"),
    /** The last rung failed. */
    EXHAUSTED(2, "exhausted"),
    /** Cancelled by a user, because its receiver was deleted, or, of a query, because the result is known. */
    CANCELLED(3, "cancelled");

    private final int code;
    private final String text;

    DeliveryState(int code, String text) {
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
