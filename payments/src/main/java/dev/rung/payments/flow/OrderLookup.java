package dev.rung.payments.flow;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentStore;
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
}
