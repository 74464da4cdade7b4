package dev.rung.reconciliation;

import dev.rung.payments.model.Money;
import dev.rung.payments.model.PaymentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment of Rung.
 *
 * @param state as in the API
 */
public record LocalPayment(
        PaymentId id,
        String channel,
        String state,
        Money amount,
        @Nullable String channelTradeNo,
        @Nullable Instant paidAt) {

    boolean isPaid() {
        return state.equals("succeeded");
    }

    /** For messages. */
    String text() {
        return isPaid()
                ? state + " " + amount.major() + " " + amount.currency()
                        + (channelTradeNo == null ? "" : " " + channelTradeNo) + (paidAt == null ? "" : " " + paidAt)
                : state + " " + amount.major() + " " + amount.currency();
    }
}
