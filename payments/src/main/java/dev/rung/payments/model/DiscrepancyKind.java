package dev.rung.payments.model;

import dev.rung.core.model.CodedEnum;

/** The kind of a discrepancy. The codes are stored. */
public enum DiscrepancyKind implements CodedEnum {
    /** Paid after it was closed or had failed here. */
    PAID_AFTER_CLOSE(0, "paid_after_close"),
    /** Paid with another amount or currency. */
    AMOUNT_MISMATCH(1, "amount_mismatch"),
    /** Unknown 24 h past its expiry. */
    UNRESOLVED(2, "unresolved"),
    /** A callback names an order that is not known here. */
    UNKNOWN_ORDER(3, "unknown_order"),
    /** Paid twice, under different trade numbers of the channel. */
    PAID_TWICE(4, "paid_twice"),
    /** On the channel's bill, but not known here. */
    MISSING_HERE(5, "missing_here"),
    /** Paid here, but not on the channel's bill. */
    MISSING_THERE(6, "missing_there"),
    /** On the channel's bill and here, in different states. */
    STATE_MISMATCH(7, "state_mismatch"),
    /** The channel could not pay a refund out, and waits for a decision there. */
    REFUND_STUCK(8, "refund_stuck"),
    /** A refund ended here and at the channel, in different states. */
    REFUND_STATE_MISMATCH(9, "refund_state_mismatch"),
    /** More was refunded at the channel than was paid. */
    REFUND_EXCEEDS(10, "refund_exceeds");

    private final int code;
    private final String text;

    DiscrepancyKind(int code, String text) {
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
