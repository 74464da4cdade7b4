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
 * @param refundNo the number of the refund, as the channel was given it or gave it; null unless it is one
 * @param amount what was paid or refunded; null for other entries
 * @param at null if the bill does not contain it
 */
public record BillEntry(
        int line,
        Kind kind,
        String outTradeNo,
        String channelTradeNo,
        @Nullable String refundNo,
        @Nullable Money amount,
        @Nullable Instant at) {

    /** The state of the order in the bill. */
    public enum Kind {
        /** Paid. */
        PAID,
        /** Failed or closed: it will not be paid. */
        NOT_PAID,
        /** Refunded, whole or in part. */
        REFUNDED,
        /** An entry that is not compared, such as a refund that has not ended. */
        OTHER
    }

    public BillEntry {
        if ((kind == Kind.PAID || kind == Kind.REFUNDED) != (amount != null)) {
            throw new IllegalArgumentException("an entry of a payment or refund must have an amount");
        }
        if ((kind == Kind.REFUNDED) != (refundNo != null)) {
            throw new IllegalArgumentException("an entry of a refund must have its number");
        }
    }

    /** An entry that is not a refund. */
    public BillEntry(
            int line,
            Kind kind,
            String outTradeNo,
            String channelTradeNo,
            @Nullable Money amount,
            @Nullable Instant at) {
        this(line, kind, outTradeNo, channelTradeNo, null, amount, at);
    }

    /** Whether it says how an order ended. */
    public boolean isOfOrder() {
        return kind == Kind.PAID || kind == Kind.NOT_PAID;
    }
}
