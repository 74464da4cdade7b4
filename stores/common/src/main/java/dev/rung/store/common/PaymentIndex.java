package dev.rung.store.common;

import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.PaymentFilter;

/** The indexes on payments that a search may scan. */
public enum PaymentIndex {
    /** The primary key. */
    ALL,
    OF_MERCHANT,
    BY_NUMBER,
    BY_CHANNEL_TRADE_NO,
    BY_ATTACH,
    /** All states except succeeded, which most payments have. */
    BY_STATE,
    /** Ordered by time of payment, which is not the order of ids. */
    BY_TIME_PAID;

    /** Chooses the index with the fewest entries to check. */
    public static PaymentIndex of(PaymentFilter filter) {
        if (filter.outTradeNo() != null) {
            return BY_NUMBER;
        }
        if (filter.channelTradeNo() != null) {
            return BY_CHANNEL_TRADE_NO;
        }
        if (filter.attach() != null) {
            return BY_ATTACH;
        }
        if (filter.isByTimeOfPayment()) {
            return BY_TIME_PAID;
        }
        PaymentState state = filter.state();
        // Few payments of all merchants are in progress at any time, but failed ones accumulate.
        boolean few = state == PaymentState.CREATED || state == PaymentState.PAYING;
        boolean fewer = state == PaymentState.FAILED || state == PaymentState.CLOSED;
        if (few || fewer && filter.merchant() == null) {
            return BY_STATE;
        }
        return filter.merchant() == null ? ALL : OF_MERCHANT;
    }
}
