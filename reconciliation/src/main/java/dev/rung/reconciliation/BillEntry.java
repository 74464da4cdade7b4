package dev.rung.reconciliation;

import dev.rung.payments.model.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a bill.
 *
 * @param line counted from 1
 * @param outTradeNo the number under which the channel knows the order: a payment's id, unless the order is not from here
 * @param channelTradeNo the channel's own number
 * @param amount null unless it was paid
 * @param at null where the bill does not say
 */
public record BillEntry(
        int line,
        Kind kind,
        String outTradeNo,
        String channelTradeNo,
        @Nullable Money amount,
        @Nullable Instant at) {

    /** What the line says of the order. */
    public enum Kind {
        /** It was paid. */
        PAID,
        /** It was not, and will not be. */
        NOT_PAID,
        /** Money went back, or something else happened that is not compared here. */
        OTHER
    }

    public BillEntry {
        if ((kind == Kind.PAID) != (amount != null)) {
            throw new IllegalArgumentException("what is paid has an amount");
        }
    }
}
