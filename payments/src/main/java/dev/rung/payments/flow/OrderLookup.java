package dev.rung.payments.flow;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.util.Optional;

/** Finds the payment of an order number at a channel. */
final class OrderLookup {
    private OrderLookup() {}

    /** The payment with this order number; empty if there is none at this channel. */
    static Optional<Payment> find(PaymentStore store, String channel, String orderNo) {
        PaymentId id;
        try {
            id = PaymentId.parse(orderNo);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return store.find(id).filter(payment -> payment.order().channel().equals(channel));
    }

    /** The same; a channel may also know the order by its own trade number only. */
    static Optional<Payment> findByAnyNumber(PaymentStore store, String channel, String number) {
        return find(store, channel, number).or(() -> byTradeNo(store, channel, number));
    }

    private static Optional<Payment> byTradeNo(PaymentStore store, String channel, String tradeNo) {
        PaymentFilter filter = new PaymentFilter(null, null, channel, null, null, null, tradeNo, null);
        PaymentId before = null;
        do {
            PaymentStore.Page<Payment, PaymentId> page = store.list(filter, before, 1);
            if (!page.items().isEmpty()) {
                return Optional.of(page.items().getFirst());
            }
            before = page.next();
        } while (before != null);
        return Optional.empty();
    }
}
