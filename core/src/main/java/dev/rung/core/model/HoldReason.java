package dev.rung.core.model;

/** Why a due delivery is held back. The codes are stored. */
public enum HoldReason implements CodedEnum {
    /** The receiver has answered "too many requests". */
    THROTTLE(0, "throttle"),
    /** More attempts are due than the receiver's rate allows. */
    RATE(1, "rate"),
    /** The receiver is paused. */
    PAUSE(2, "pause"),
    /** No slot is free. */
    BULKHEAD(3, "bulkhead"),
    /** An earlier ordered notification of the same order is not settled. */
    ORDER(4, "ordered");

    private final int code;
    private final String text;

    HoldReason(int code, String text) {
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

    /** Where a delivery that is held for this reason waits. */
    public WakeLocation location() {
        return this == ORDER ? WakeLocation.HELD_BY_ORDER : WakeLocation.HELD_BY_BULKHEAD;
    }
}
