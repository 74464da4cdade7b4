package dev.rung.reconciliation;

import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.PaymentId;
import org.jspecify.annotations.Nullable;

/**
 * A difference between a bill and the payments in Rung.
 *
 * @param line of the bill, counted from 1; 0 if there is none
 * @param outTradeNo the number under which the channel knows the order
 * @param channelTradeNo the channel's own number on the bill; empty if there is none
 * @param payment null if Rung has none
 * @param there the bill's side; empty if the bill has no entry
 * @param here Rung's side; empty if there is no payment
 */
public record BillDifference(
        DiscrepancyKind kind,
        int line,
        String outTradeNo,
        String channelTradeNo,
        @Nullable PaymentId payment,
        String there,
        String here) {

    /** The difference in one sentence. */
    public String detail() {
        return switch (kind) {
            case MISSING_HERE -> "on the bill: " + there + "; not here" + (here.isEmpty() ? "" : ": " + here);
            case MISSING_THERE -> "here: " + here + "; not on the bill";
            default -> "on the bill: " + there + "; here: " + here;
        };
    }
}
