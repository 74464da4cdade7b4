package dev.rung.core.model;

/** Where the wake of an owed notification is. The codes are stored. */
public enum WakeLocation implements CodedEnum {
    /** The queue has a wake for it, or the sweeper will see that it has not. */
    QUEUED(0, "queued"),
    /** Parked: the merchant, or the channel that is queried, has no free slot or is paused. */
    HELD_BY_MERCHANT(1, "held_by_merchant"),
    /** Parked: an earlier ordered notification of the same order is not settled. */
    HELD_BY_ORDER(2, "held_by_order"),
    /** Due too far ahead for the queue; brought to it when near. */
    FAR(3, "far");

    private final int code;
    private final String text;

    WakeLocation(int code, String text) {
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
