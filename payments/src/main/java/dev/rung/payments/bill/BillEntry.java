package dev.rung.payments.bill;

import dev.rung.payments.model.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a bill.
 *
 * @param line counted from 1
 * @param outTradeNo the order number given to the channel: a payment's id, unless the order is not from Rung
 * @param channelTradeNo the channel's own number
 * @param amount null unless the order was paid
 * @param at null if the bill does not contain it
 */
public record BillEntry(
        int line,
        Kind kind,
        String outTradeNo,
        String channelTradeNo,
        @Nullable Money amount,
        @Nullable Instant at) {

    /** The state of the order in the bill. */
    public enum Kind {
        /** Paid. */
        PAID,
        /** Failed or closed: it will not be paid. */
        NOT_PAID,
        /** A refund or another entry that is not compared. */
        OTHER
    }

    public BillEntry {
        if ((kind == Kind.PAID) != (amount != null)) {
            throw new IllegalArgumentException("an entry of a paid order must have an amount");
        }
    }
}
