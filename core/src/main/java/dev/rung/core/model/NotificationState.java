package dev.rung.core.model;

/** Where a notification stands. The codes are stored; they never change their meaning. */
public enum NotificationState implements CodedEnum {
    /** Owed: not yet acknowledged, rungs left. */
    WAITING(0, "waiting"),
    /** Acknowledged. Never left again. */
    DELIVERED(1, "delivered"),
    /** Every rung climbed without an acknowledgement. */
    EXHAUSTED(2, "exhausted"),
    /** Ended by a person. */
    CANCELLED(3, "cancelled");

    private final int code;
    private final String text;

    NotificationState(int code, String text) {
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
