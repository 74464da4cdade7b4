package dev.rung.reconciliation;

import dev.rung.payments.model.Money;
import dev.rung.payments.model.PaymentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment of Rung.
 *
 * @param state as in the API
 * @param amount what was paid, or what is to be paid
 * @param wasPaid whether it was paid, even if it has not succeeded: late, or with another amount, which is a discrepancy of its own or was refunded
 */
public record LocalPayment(
        PaymentId id,
        String channel,
        String state,
        Money amount,
        boolean wasPaid,
        @Nullable String channelTradeNo,
        @Nullable Instant paidAt) {

    boolean isPaid() {
        return wasPaid || state.equals("succeeded");
    }

    /** For messages. */
    String text() {
        return isPaid()
                ? state + " " + amount.major() + " " + amount.currency()
                        + (channelTradeNo == null ? "" : " " + channelTradeNo) + (paidAt == null ? "" : " " + paidAt)
                : state + " " + amount.major() + " " + amount.currency();
    }
}
