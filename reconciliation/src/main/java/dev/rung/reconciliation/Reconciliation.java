package dev.rung.reconciliation;

import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.PaymentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares a bill with Rung's payments, in four steps: {@link #note} each entry of the bill, {@link #compare} each
 * payment paid in the bill's period, {@link #lookUp} further payments that the bill names, and {@link #find} entry by
 * entry while the bill is read a second time. It keeps a few numbers per entry, and payments only where they differ.
 * For use by one thread.
 */
public final class Reconciliation {
    private final String channel;
    private final BillIndex index = new BillIndex();
    private final List<String> currencies = new ArrayList<>();

    /** Per entry: not compared yet, equal, or different. */
    private byte[] verdicts = new byte[0];

    private final Map<Integer, LocalPayment> differing = new HashMap<>();
    private final Set<PaymentId> watched = new HashSet<>();
    private final Set<PaymentId> agreeing = new HashSet<>();
    private int found;
    private int paid;
    private int others;

    private static final byte OPEN = 0;
    private static final byte AGREES = 1;
    private static final byte DIFFERS = 2;

    /** No amount in minor units is this high; the bits above are the currency's. */
    private static final int AMOUNT_BITS = 52;

    private static final long NOT_PAID = -1;

    public Reconciliation(String channel) {
        this.channel = channel;
    }

    /**
     * The payments, among these, that the bill and Rung agree about: known once {@link #compare} and {@link #lookUp} are done.
     *
     * @param doubted before the first comparison
     */
    public void watch(Set<PaymentId> doubted) {
        watched.addAll(doubted);
    }

    /** The watched payments that bill and Rung agree about in every entry. */
    public Set<PaymentId> agreeing() {
        return Set.copyOf(agreeing);
    }

    /** Number of entries that report a payment. */
    public int paid() {
        return paid;
    }

    /** Number of entries that are not compared, mostly refunds. */
    public int others() {
        return others;
    }

    /** Records an entry of the bill. */
    public void note(BillEntry entry) {
        if (!entry.isOfOrder()) {
            others++;
            return;
        }
        Money amount = entry.amount();
        paid += amount == null ? 0 : 1;
        PaymentId id = id(entry);
        if (id == null) {
            index.addForeign();
        } else {
            index.add(
                    id.value(),
                    amount == null ? NOT_PAID : packed(amount),
                    entry.channelTradeNo().hashCode());
        }
    }

    private static @Nullable PaymentId id(BillEntry entry) {
        try {
            return PaymentId.parse(entry.outTradeNo());
        } catch (IllegalArgumentException e) {
            return null; // an order of another system on the same account
        }
    }

    private long packed(Money amount) {
        String code = amount.currency().getCurrencyCode();
        int currency = currencies.indexOf(code);
        if (currency < 0) {
            currency = currencies.size();
            currencies.add(code);
        }
        if (amount.value() >>> AMOUNT_BITS != 0) {
            throw new BillException("an amount of " + amount.major() + " " + code + " is too large");
        }
        return (long) currency << AMOUNT_BITS | amount.value();
    }

    /** Compares a payment that is paid in Rung with the bill; returns a difference if the bill does not have it. */
    public Optional<BillDifference> compare(LocalPayment ours) {
        int entry = index.last(ours.id().value());
        if (entry == BillIndex.NONE) {
            return ours.isPaid()
                    ? Optional.of(new BillDifference(
                            DiscrepancyKind.MISSING_THERE, 0, ours.id().toString(), "", ours.id(), "", ours.text()))
                    : Optional.empty();
        }
        boolean allAgree = true;
        for (; entry != BillIndex.NONE; entry = index.before(entry)) {
            boolean agrees = agrees(entry, ours);
            verdicts()[entry] = agrees ? AGREES : DIFFERS;
            if (!agrees) {
                differing.put(entry, ours);
                allAgree = false;
            }
        }
        if (allAgree && watched.contains(ours.id())) {
            agreeing.add(ours.id());
        }
        return Optional.empty();
    }

    private boolean agrees(int entry, LocalPayment ours) {
        if (index.amount(entry) == NOT_PAID) {
            return !ours.isPaid();
        }
        return ours.channel().equals(channel)
                && ours.isPaid()
                && index.amount(entry) == packed(ours.amount())
                && isOneTrade(index.tradeNo(entry), ours.channelTradeNo());
    }

    /** Bills in the plain format may omit the channel's number: that hashes to 0. */
    private static boolean isOneTrade(int there, @Nullable String here) {
        return there == 0 || here == null || there == here.hashCode();
    }

    /** Looks up the payments that the bill reports as paid and that have not been compared yet. */
    public void lookUp(Function<PaymentId, Optional<LocalPayment>> payments) {
        for (int entry = 0; entry < index.size(); entry++) {
            if (verdicts()[entry] == OPEN && !index.isForeign(entry) && index.amount(entry) != NOT_PAID) {
                payments.apply(new PaymentId(index.id(entry))).ifPresent(this::compare);
            }
        }
    }

    /** The difference of an entry; called for every entry in the same order, while the bill is read a second time. */
    public Optional<BillDifference> find(BillEntry entry) {
        if (!entry.isOfOrder()) {
            return Optional.empty();
        }
        int at = found++;
        LocalPayment ours = differing.get(at);
        if (ours != null) {
            return Optional.of(differing(entry, ours));
        }
        boolean missing = verdicts()[at] == OPEN && entry.kind() == BillEntry.Kind.PAID;
        return missing
                ? Optional.of(new BillDifference(
                        DiscrepancyKind.MISSING_HERE,
                        entry.line(),
                        entry.outTradeNo(),
                        entry.channelTradeNo(),
                        null,
                        text(entry),
                        ""))
                : Optional.empty();
    }

    private BillDifference differing(BillEntry entry, LocalPayment ours) {
        if (!ours.channel().equals(channel)) {
            return finding(
                    DiscrepancyKind.MISSING_HERE, entry, ours, "the payment belongs to channel " + ours.channel());
        }
        if (entry.kind() == BillEntry.Kind.NOT_PAID || !ours.isPaid()) {
            return finding(DiscrepancyKind.STATE_MISMATCH, entry, ours, ours.text());
        }
        return finding(
                ours.amount().equals(entry.amount()) ? DiscrepancyKind.PAID_TWICE : DiscrepancyKind.AMOUNT_MISMATCH,
                entry,
                ours,
                ours.text());
    }

    private static BillDifference finding(DiscrepancyKind kind, BillEntry entry, LocalPayment ours, String here) {
        return new BillDifference(
                kind, entry.line(), entry.outTradeNo(), entry.channelTradeNo(), ours.id(), text(entry), here);
    }

    private static String text(BillEntry entry) {
        Money amount = entry.amount();
        return (amount == null ? "not paid" : "paid " + amount.major() + " " + amount.currency())
                + (entry.channelTradeNo().isEmpty() ? "" : " " + entry.channelTradeNo())
                + (entry.at() == null ? "" : " " + entry.at());
    }

    private byte[] verdicts() {
        if (verdicts.length != index.size()) {
            verdicts = new byte[index.size()];
        }
        return verdicts;
    }
}
