package dev.rung.store.common;

import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.PaymentFilter;

/** The indexes of payments that a search may walk. */
public enum PaymentIndex {
    /** By id alone. */
    ALL,
    OF_MERCHANT,
    BY_NUMBER,
    /** All states but the one that most end in. */
    BY_STATE,
    /** In the order of payment, not of ids: a time of payment says little about the id. */
    BY_TIME_PAID;

    /** The one that leaves least to look at. */
    public static PaymentIndex of(PaymentFilter filter) {
        if (filter.outTradeNo() != null) {
            return BY_NUMBER;
        }
        if (filter.isByTimeOfPayment()) {
            return BY_TIME_PAID;
        }
        PaymentState state = filter.state();
        // Few are under way at any time, of all merchants together; those that failed gather.
        boolean few = state == PaymentState.CREATED || state == PaymentState.PAYING;
        boolean fewer = state == PaymentState.FAILED || state == PaymentState.CLOSED;
        if (few || fewer && filter.merchant() == null) {
            return BY_STATE;
        }
        return filter.merchant() == null ? ALL : OF_MERCHANT;
    }
}
