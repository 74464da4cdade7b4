package dev.rung.reconciliation;

import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillPeriod;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares the refunds of a bill, which are few, with those here. For use by one thread. */
final class RefundComparison {
    private static final int PAGE = 500;

    private final String channel;
    private final Payments flow;
    private final PaymentStore payments;
    private final RefundStore refunds;
    private final Map<Key, BillEntry> billed = new LinkedHashMap<>();

    private final Set<RefundId> agreeing = new HashSet<>();

    RefundComparison(String channel, Payments flow, PaymentStore payments, RefundStore refunds) {
        this.channel = channel;
        this.flow = flow;
        this.payments = payments;
        this.refunds = refunds;
    }

    /** The numbers under which the channel knows order and refund: those of refunds are unique within an order only. */
    private record Key(String order, String refund) {
        static Key of(Refund refund) {
            return new Key(refund.terms().payment().toString(), refund.number());
        }
    }

    /**
     * A difference.
     *
     * @param subject the refund's id; for one that is unknown here the numbers of order and refund
     */
    record Difference(
            DiscrepancyKind kind, String subject, @Nullable PaymentId payment, String detail) {}

    /** Records an entry of the bill. */
    void note(BillEntry entry) {
        billed.put(new Key(entry.outTradeNo(), Objects.requireNonNull(entry.refundNo())), entry);
    }

    /** Refunds that bill and Rung agree about. */
    Set<RefundId> agreeing() {
        return Set.copyOf(agreeing);
    }

    /**
     * Counts the refunds here within a period.
     *
     * @param covered whether the bill has the refunds of such a payment
     * @param billedEarly those that an earlier bill had
     * @return those that the bill does not have
     */
    List<Refund> compareOwn(BillPeriod period, Predicate<Payment> covered, Sums own, Set<String> billedEarly) {
        List<Refund> missing = new ArrayList<>();
        RefundId after = null;
        List<Refund> page;
        do {
            page = refunds.refunded(channel, period.from(), period.to(), after, PAGE);
            for (Refund refund : page) {
                boolean isBilled = billed.containsKey(Key.of(refund))
                        || billedEarly.contains(refund.id().toString());
                if (isBilled
                        || payments.find(refund.terms().payment())
                                .filter(covered)
                                .isPresent()) {
                    own.add(refund.terms().amount());
                    if (!isBilled) {
                        missing.add(refund);
                    }
                }
                after = refund.id();
            }
        } while (page.size() == PAGE);
        return missing;
    }

    /** A refund that an earlier bill did not have, if this one has it neither. */
    Optional<Refund> missing(String id) {
        return refunds.find(RefundId.parse(id)).filter(refund -> !billed.containsKey(Key.of(refund)));
    }

    /** Compares the refunds of the bill. One that is unknown here, of a payment that is known, was made at the channel and is stored. */
    void compareBilled(BillPeriod period, Consumer<String> early, Consumer<Difference> differences) {
        for (BillEntry entry : billed.values()) {
            Payment payment = payment(entry.outTradeNo());
            if (payment == null) {
                differences.accept(new Difference(
                        DiscrepancyKind.MISSING_HERE,
                        entry.outTradeNo() + " " + entry.refundNo(),
                        null,
                        "on the bill: refunded " + amount(entry).text() + "; the payment is not here"));
            } else {
                compare(entry, payment, period, early, differences);
            }
        }
    }

    private void compare(
            BillEntry entry,
            Payment payment,
            BillPeriod period,
            Consumer<String> early,
            Consumer<Difference> differences) {
        String number = Objects.requireNonNull(entry.refundNo());
        Refund refund = find(payment, number);
        if (refund == null) {
            flow.recordChannelRefund(payment, number, new RefundEvidence.Refunded(null, amount(entry), entry.at()));
            return;
        }
        if (!refund.state().isFinal() && !refund.isWaitingForApproval()) {
            refund = flow.refunds().sync(refund.id()).orElse(refund);
        }
        String here = refund.state().text() + " " + refund.terms().amount().text();
        String detail = "on the bill: refunded " + amount(entry).text() + "; here: " + here;
        if (refund.state() != RefundState.SUCCEEDED) {
            differences.accept(new Difference(
                    DiscrepancyKind.REFUND_STATE_MISMATCH, refund.id().toString(), payment.id(), detail));
        } else if (!refund.terms().amount().equals(amount(entry))) {
            differences.accept(
                    new Difference(DiscrepancyKind.AMOUNT_MISMATCH, refund.id().toString(), payment.id(), detail));
        } else {
            agreeing.add(refund.id());
            if (refund.refundedAt() != null && !refund.refundedAt().isBefore(period.to())) {
                early.accept(refund.id().toString());
            }
        }
    }

    private static Money amount(BillEntry entry) {
        return Objects.requireNonNull(entry.amount());
    }

    private @Nullable Payment payment(String number) {
        try {
            return payments.find(PaymentId.parse(number))
                    .filter(payment -> payment.order().channel().equals(channel))
                    .orElse(null);
        } catch (IllegalArgumentException e) {
            return null; // another system's order
        }
    }

    private @Nullable Refund find(Payment payment, String number) {
        try {
            Refund made = refunds.find(RefundId.parse(number)).orElse(null);
            if (made != null && made.terms().payment().equals(payment.id())) {
                return made;
            }
        } catch (IllegalArgumentException e) {
            return refunds.findChannelMade(payment.id(), number).orElse(null); // a number of the channel's own
        }
        return refunds.findChannelMade(payment.id(), number).orElse(null);
    }
}
