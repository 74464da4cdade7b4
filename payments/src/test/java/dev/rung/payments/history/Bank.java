package dev.rung.payments.history;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.PaymentId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The truth about money. Not thread-safe: walks take turns. */
final class Bank {
    private final Turns turns;
    private final Map<PaymentId, Order> orders = new LinkedHashMap<>();
    private int trades;

    /** An order as the bank has it. */
    static final class Order {
        final PaymentId id;
        final Money price;
        final Plan plan;
        boolean placed;
        boolean closed;
        boolean failed;
        Evidence.@Nullable Paid paid;
        /** It took money for what it had closed. */
        boolean paidAfterClose;

        Order(PaymentId id, Money price, Plan plan) {
            this.id = id;
            this.price = price;
            this.plan = plan;
        }

        boolean isPaidAsAsked() {
            return paid != null && paid.amount().equals(price);
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

    Bank(Turns turns) {
        this.turns = turns;
    }

    /** Which orders may come, and what is to become of them. */
    void expect(PaymentId id, Money price, Plan plan) {
        orders.putIfAbsent(id, new Order(id, price, plan));
    }

    @Nullable Order order(PaymentId id) {
        return orders.get(id);
    }

    /** False: it will not have it, because of what it is or because there is one already that is over. */
    boolean place(Order order, Consumer<Order> ended) {
        if (order.plan.payer() == Plan.Payer.IS_NOT_WELCOME) {
            return false;
        }
        if (!order.placed && !order.closed) {
            order.placed = true;
            turns.runAt(turns.now() + order.plan.payAfterMillis(), () -> act(order, ended));
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
        order.paid = new Evidence.Paid("trade-" + ++trades, amount, Instant.ofEpochMilli(turns.now()));
        ended.accept(order);
    }

    /** What closing comes to. */
    Evidence close(Order order, boolean closesStrangers) {
        if (!order.placed && !order.closed && !closesStrangers) {
            return new Evidence.Unknown("no such order");
        }
        if (order.paid == null && !order.failed) {
            order.closed = true;
        }
        return order.state();
    }
}
