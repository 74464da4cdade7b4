package dev.rung.payments.history;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The model bank, which knows what was really paid. Not thread-safe: one task runs at a time. */
final class Bank {
    private final TimeAndRandom time;
    private final Map<PaymentId, Order> orders = new LinkedHashMap<>();
    private final BankRefunds refunds;
    private int trades;

    /** The bank's order. */
    static final class Order {
        final PaymentId id;
        final Money price;
        final PaymentPlan plan;
        boolean placed;
        boolean closed;
        boolean failed;
        Evidence.@Nullable Paid paid;
        /** The bank accepted money for an order that it had closed. */
        boolean paidAfterClose;

        Order(PaymentId id, Money price, PaymentPlan plan) {
            this.id = id;
            this.price = price;
            this.plan = plan;
        }

        boolean isPaidAsAsked() {
            return paid != null && paid.amount().equals(price);
        }

        /** The contradiction between a payment's final state and the bank's order; null if they agree. */
        @Nullable String contradiction(Payment payment) {
            return switch (payment.state()) {
                // A payment accepted after the bank's own close is a success too, for those who have not learned of the
                // close.
                case SUCCEEDED ->
                    !isPaidAsAsked()
                            ? "success is invented"
                            : paid.channelTradeNo().equals(payment.channelTradeNo())
                                            && Objects.equals(paid.paidAt(), payment.paidAt())
                                    ? null
                                    : "it succeeded by another trade, or at another time";
                case CLOSED -> !closed ? "it is closed, but not at the bank" : isLost() ? "success is lost" : null;
                case FAILED ->
                    isLost()
                            ? "success is lost"
                            : failed || plan.payer() == PaymentPlan.Payer.IS_NOT_WELCOME && !placed
                                    ? null
                                    : "failure is invented";
                case CREATED, PAYING -> null;
            };
        }

        private boolean isLost() {
            return isPaidAsAsked() && !paidAfterClose;
        }

        Evidence state() {
            if (paid != null) {
                return paid;
            }
            return closed
                    ? new Evidence.Closed()
                    : failed ? new Evidence.Failed("the payer was turned down") : new Evidence.Unpaid();
        }
    }

    Bank(TimeAndRandom time) {
        this.time = time;
        this.refunds = new BankRefunds(time);
    }

    BankRefunds refunds() {
        return refunds;
    }

    /** The orders that may arrive, and their plans. */
    void expect(PaymentId id, Money price, PaymentPlan plan) {
        orders.putIfAbsent(id, new Order(id, price, plan));
    }

    @Nullable Order order(PaymentId id) {
        return orders.get(id);
    }

    /** False if the bank rejects the order, by plan or because a finished order exists already. */
    boolean place(Order order, Consumer<Order> ended) {
        if (order.plan.payer() == PaymentPlan.Payer.IS_NOT_WELCOME) {
            return false;
        }
        if (!order.placed && !order.closed) {
            order.placed = true;
            time.runAt(time.now() + order.plan.payAfterMillis(), () -> act(order, ended));
        }
        return !order.closed && order.paid == null && !order.failed;
    }

    private void act(Order order, Consumer<Order> ended) {
        switch (order.plan.payer()) {
            case PAYS -> pay(order, order.price, false, ended);
            case PAYS_EVEN_IF_CLOSED -> pay(order, order.price, true, ended);
            case PAYS_ANOTHER_AMOUNT ->
                pay(order, new Money(order.price.value() + 1, order.price.currency()), false, ended);
            case IS_TURNED_DOWN -> {
                if (!order.closed) {
                    order.failed = true;
                    ended.accept(order);
                }
            }
            case WALKS_AWAY, IS_NOT_WELCOME -> {}
        }
    }

    private void pay(Order order, Money amount, boolean evenIfClosed, Consumer<Order> ended) {
        if (order.closed && !evenIfClosed) {
            return;
        }
        order.paidAfterClose = order.closed;
        order.paid = new Evidence.Paid("trade-" + ++trades, amount, Instant.ofEpochMilli(time.now()));
        ended.accept(order);
    }

    /** Closes an order; returns what the bank answers. */
    Evidence close(Order order, boolean closesStrangers) {
        if (!order.placed && !order.closed && !closesStrangers) {
            return new Evidence.NotFound("no such order");
        }
        if (order.paid == null && !order.failed) {
            order.closed = true;
        }
        return order.state();
    }
}
