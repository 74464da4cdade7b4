package dev.rung.channel.simulator;

import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.bill.BillPeriod;
import dev.rung.payments.model.Money;
import java.time.LocalDate;
import java.util.List;

/** Writes pages of the simulated bank's bill, with the mistakes that the orders' options ask for. */
final class BankBill {
    private static final int PAGE = 200;

    private final BankLedger ledger;

    BankBill(BankLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * A page.
     *
     * @param lines CSV
     * @param next where the next page begins; empty: there is none
     */
    record Page(String lines, String next) {}

    Page page(String notifyUrl, LocalDate day, String after) {
        BillPeriod period = BillPeriod.of(day, SimulatorBills.ZONE);
        List<BankOrder> orders = ledger.paid(notifyUrl, period.from(), period.to(), after, PAGE);
        StringBuilder lines = new StringBuilder();
        orders.forEach(order -> write(lines, order));
        return new Page(
                lines.toString(),
                orders.size() < PAGE ? "" : orders.getLast().terms().number());
    }

    private static void write(StringBuilder lines, BankOrder order) {
        BankOrder.Terms terms = order.terms();
        switch (order.behavior().bill()) {
            case HONEST -> line(lines, order, terms.number(), terms.amount());
            case MISSING -> {
                // The bank forgot it.
            }
            case FOREIGN -> {
                line(lines, order, terms.number(), terms.amount());
                line(lines, order, "foreign-" + terms.number(), terms.amount());
            }
            case CHANGED ->
                line(
                        lines,
                        order,
                        terms.number(),
                        new Money(terms.amount().value() + 1, terms.amount().currency()));
        }
    }

    private static void line(StringBuilder lines, BankOrder order, String number, Money amount) {
        String refundOf = order.terms().refundOf();
        lines.append(refundOf == null ? number : refundOf)
                .append(',')
                .append(order.terms().tradeNo())
                .append(',')
                .append(amount.major())
                .append(',')
                .append(amount.currency().getCurrencyCode())
                .append(',')
                .append(refundOf == null ? "succeeded" : "refunded")
                .append(',')
                .append(order.settledAt())
                .append(',')
                .append(refundOf == null ? "" : number)
                .append('\n');
    }
}
