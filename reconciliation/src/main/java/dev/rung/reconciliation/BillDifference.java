package dev.rung.reconciliation;

import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.PaymentId;
import org.jspecify.annotations.Nullable;

/**
 * Something that differs between a bill and the payments here.
 *
 * @param line of the bill, counted from 1; 0 when nothing stands there
 * @param outTradeNo the number under which the channel knows the order
 * @param channelTradeNo the channel's own number on the bill; empty when nothing stands there
 * @param payment null when there is none here
 * @param there what the bill says; empty when it says nothing
 * @param here what is known here; empty when nothing is
 */
public record BillDifference(
        DiscrepancyKind kind,
        int line,
        String outTradeNo,
        String channelTradeNo,
        @Nullable PaymentId payment,
        String there,
        String here) {

    /** A sentence for a person. */
    public String detail() {
        return switch (kind) {
            case MISSING_HERE -> "on the bill: " + there + "; not here" + (here.isEmpty() ? "" : ": " + here);
            case MISSING_THERE -> "here: " + here + "; not on the bill";
            default -> "on the bill: " + there + "; here: " + here;
        };
    }
}
