package dev.rung.payments.bill;

import dev.rung.payments.model.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a bill.
 *
 * @param line counted from 1
 * @param outTradeNo the number under which the channel knows the order: a payment's id, unless the order is not
 *     from Rung
 * @param channelTradeNo the channel's own number
 * @param amount null unless it was paid
 * @param at null if the bill does not say
 */
public record BillEntry(
        int line,
        Kind kind,
        String outTradeNo,
        String channelTradeNo,
        @Nullable Money amount,
        @Nullable Instant at) {

    /** What the line says about the order. */
    public enum Kind {
        /** Paid. */
        PAID,
        /** Not paid, and will not be. */
        NOT_PAID,
        /** Refunded, or something else that is not compared. */
        OTHER
    }

    public BillEntry {
        if ((kind == Kind.PAID) != (amount != null)) {
            throw new IllegalArgumentException("what is paid has an amount");
        }
    }
}
