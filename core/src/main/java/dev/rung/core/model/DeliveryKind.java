package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/** The kind of a delivery. The codes are stored. */
public enum DeliveryKind implements CodedEnum {
    /** A notification to its merchant. */
    NOTIFICATION(0, "notification"),
    /**
     * A query of a payment channel on behalf of a payment's merchant. It is scheduled, attempted and recorded like a notification, but
     * not listed or counted among notifications.
     */
    CHANNEL_QUERY(1, "channel_query"),
    /** An alert to the operators of this system. Like a query, it is not listed or counted among notifications. */
    ALERT(2, "alert");

    /** Takes the place of an alert's channel; no account can have this name. */
    public static final String ALERTS = "!alerts";

    private final int code;
    private final String text;

    DeliveryKind(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /**
     * The kind of a delivery.
     *
     * @param channel the channel account that is queried, or {@link #ALERTS}; null for a notification
     */
    static DeliveryKind of(@Nullable String channel) {
        if (channel == null) {
            return NOTIFICATION;
        }
        return channel.equals(ALERTS) ? ALERT : CHANNEL_QUERY;
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
