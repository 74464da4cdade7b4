package dev.rung.payments.history;

import dev.rung.payments.model.Money;
import dev.rung.payments.model.RefundEvidence;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The refunds of the model bank. It pays out whatever it is asked for: the limit is the platform's. Not thread-safe. */
final class BankRefunds {
    private final TimeAndRandom time;
    private final Map<String, BankRefund> refunds = new LinkedHashMap<>();

    /** What the bank does with a refund. */
    enum Plan {
        SUCCEEDS_AT_ONCE,
        SUCCEEDS_LATER,
        FAILS_LATE,
        IS_REFUSED
    }

    /** How the bank calls back. */
    enum Callback {
        PROMPT,
        LATE,
        LOST,
        DUPLICATE
    }

    /** The bank's refund. */
    static final class BankRefund {
        final String number;
        final Bank.Order order;
        final Money amount;
        final Plan plan;
        final Callback callback;
        /** Whether the bank refuses a repeated request instead of repeating its answer. */
        final boolean refusesRepeats;

        boolean accepted;
        long acceptedAt;
        boolean failed;

        @Nullable Instant refundedAt;

        BankRefund(
                String number, Bank.Order order, Money amount, Plan plan, Callback callback, boolean refusesRepeats) {
            this.number = number;
            this.order = order;
            this.amount = amount;
            this.plan = plan;
            this.callback = callback;
            this.refusesRepeats = refusesRepeats;
        }

        RefundEvidence state() {
            return refundedAt != null
                    ? new RefundEvidence.Refunded("back-" + number, amount, refundedAt)
                    : failed ? new RefundEvidence.Failed("the card is blocked") : new RefundEvidence.Processing();
        }
    }

    BankRefunds(TimeAndRandom time) {
        this.time = time;
    }

    /** All that it has been asked for. */
    Iterable<BankRefund> all() {
        return refunds.values();
    }

    @Nullable BankRefund find(String number) {
        return refunds.get(number);
    }

    /** Accepts a refund, or repeats what became of it. */
    RefundEvidence request(String number, Bank.Order order, Money amount, Consumer<BankRefund> ended) {
        BankRefund refund = refunds.computeIfAbsent(
                number, n -> new BankRefund(n, order, amount, plan(), callback(), time.chance(0.5)));
        if (refund.plan == Plan.IS_REFUSED || order.paid == null) {
            return new RefundEvidence.Refused("the bank will not");
        }
        if (refund.accepted && refund.refusesRepeats) {
            return new RefundEvidence.Refused("there is such a refund");
        }
        if (!refund.accepted) {
            refund.accepted = true;
            refund.acceptedAt = time.now();
            switch (refund.plan) {
                case SUCCEEDS_AT_ONCE -> end(refund, true, ended);
                case SUCCEEDS_LATER -> endLater(refund, true, ended);
                case FAILS_LATE -> endLater(refund, false, ended);
                case IS_REFUSED -> {}
            }
        }
        return refund.state();
    }

    private Plan plan() {
        return time.chance(0.5) ? Plan.SUCCEEDS_AT_ONCE : Plan.values()[time.upTo(Plan.values().length)];
    }

    private Callback callback() {
        return Callback.values()[time.upTo(Callback.values().length)];
    }

    private void endLater(BankRefund refund, boolean succeeds, Consumer<BankRefund> ended) {
        int after = time.chance(0.5) ? time.upTo(3_000) : time.upTo(3_600_000);
        time.runAt(time.now() + after, () -> end(refund, succeeds, ended));
    }

    private void end(BankRefund refund, boolean succeeds, Consumer<BankRefund> ended) {
        if (succeeds) {
            refund.refundedAt = Instant.ofEpochMilli(time.now());
        } else {
            refund.failed = true;
        }
        ended.accept(refund);
    }
}
