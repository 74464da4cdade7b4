package dev.rung.core.model;

/** Where the wake of a pending delivery is. The codes are stored. */
public enum WakeLocation implements CodedEnum {
    /** In the queue; if the queue has lost it, the sweeper re-arms it. */
    QUEUED(0, "queued"),
    /** Parked: the merchant, or the channel that is queried, has no free slot or is paused. */
    HELD_BY_BULKHEAD(1, "held_by_bulkhead"),
    /** Parked: an earlier ordered notification of the same order is not settled. */
    HELD_BY_ORDER(2, "held_by_order"),
    /** In the store alone, because it is due beyond the queue's horizon; promoted when it comes near. */
    DEFERRED(3, "deferred");

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
