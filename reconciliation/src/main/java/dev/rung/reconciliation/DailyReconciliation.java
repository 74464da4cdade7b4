package dev.rung.reconciliation;

import dev.rung.core.model.Ids;
import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillPeriod;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import dev.rung.payments.port.RefundStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the bill of a day and channel account with the payments and refunds here, and stores what differs as discrepancies. What only one side has near
 * midnight is carried to the next day. Comparing a day again finds the same and stores nothing twice. Thread-safe; blocks for the store and the channel.
 */
public final class DailyReconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(DailyReconciliation.class);

    /** What is nearer to midnight may be on the bill of the other day. */
    static final Duration NEAR_MIDNIGHT = Duration.ofHours(1);

    private static final int PAGE = 500;
    /** Limit of the differences stored for one bill; more than this have a common cause. */
    private static final int DIFFERENCES_MAX = 10_000;
    /** What one day carries over; more is compared at once. */
    private static final int SUSPENDED_MAX = 10_000;

    private final Payments flow;
    private final PaymentStore payments;
    private final RefundStore refunds;
    private final Ids ids;
    private final InstantSource clock;

    public DailyReconciliation(
            Payments flow, PaymentStore payments, RefundStore refunds, Ids ids, InstantSource clock) {
        this.flow = flow;
        this.payments = payments;
        this.refunds = refunds;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * The result of a day.
     *
     * @param report JSON
     * @param suspended for the next day
     */
    record Result(String report, String suspended) {}

    /**
     * How many payments of an account were paid within a period, counted until some are found.
     *
     * @param covered whether the bill has such a payment
     */
    long countPaid(String channel, BillPeriod period, Predicate<Payment> covered) {
        PaymentFilter filter = paidWithin(channel, period);
        PaymentId before = null;
        long paid;
        do {
            PaymentStore.Page<Payment, PaymentId> page = payments.list(filter, before, PAGE);
            paid = page.items().stream().filter(covered).count();
            before = page.next();
        } while (paid == 0 && before != null);
        return paid;
    }

    private static PaymentFilter paidWithin(String channel, BillPeriod period) {
        return new PaymentFilter(null, null, channel, PaymentState.SUCCEEDED, period.from(), period.to());
    }

    /**
     * Compares a day.
     *
     * @param bill null: the channel reports no transactions
     * @param ordersPrefix the bill's orders that do not begin with it are left out; empty: none are
     * @param covered whether the bill has such a payment, if it was paid on that day
     * @param earlier what the day before carried over; empty if it was not compared
     * @throws BillException if it is not the bill of that day, or cannot be compared
     */
    Result compare(
            String channel,
            LocalDate day,
            @Nullable Bill bill,
            BillPeriod period,
            String ordersPrefix,
            Predicate<Payment> covered,
            String earlier)
            throws IOException {
        return new Run(channel, day, period, ordersPrefix, covered, Suspense.parse(earlier)).compare(bill);
    }

    /** One comparison. For use by one thread. */
    private final class Run {
        private final String channel;
        private final LocalDate day;
        private final BillPeriod period;
        private final String ordersPrefix;
        private final Predicate<Payment> covered;
        private final List<Suspense> earlier;
        private final Set<String> billedEarly = new HashSet<>();
        private final Reconciliation comparison;
        private final RefundComparison refundComparison;
        private final Sums billPayments = new Sums();
        private final Sums billRefunds = new Sums();
        private final Sums ownPayments = new Sums();
        private final Sums ownRefunds = new Sums();
        private final List<Suspense> suspended = new ArrayList<>();
        private final List<StoredDiscrepancy> found = new ArrayList<>();
        private int leftOut;
        private int notCarried;
        private int unreadable;

        Run(
                String channel,
                LocalDate day,
                BillPeriod period,
                String ordersPrefix,
                Predicate<Payment> covered,
                List<Suspense> earlier) {
            this.channel = channel;
            this.day = day;
            this.period = period;
            this.ordersPrefix = ordersPrefix;
            this.covered = covered;
            this.earlier = earlier;
            this.comparison = new Reconciliation(channel);
            this.refundComparison = new RefundComparison(channel, flow, payments, refunds);
            earlier.stream()
                    .filter(each -> each.kind() == Suspense.Kind.BILLED_EARLY)
                    .forEach(each -> billedEarly.add(each.number()));
        }

        Result compare(@Nullable Bill bill) throws IOException {
            if (bill != null) {
                check(bill.read(this::note, fault -> unreadable++));
            }
            ResolvableDiscrepancies open = ResolvableDiscrepancies.of(payments, channel);
            comparison.watch(open.payments());
            compareOwn();
            comparison.lookUp(this::lookUp);
            if (bill != null) {
                bill.read(
                        entry -> {
                            if (isCompared(entry)) {
                                comparison.find(entry).ifPresent(difference -> decide(difference, entry.at()));
                            }
                        },
                        fault -> {});
            }
            compareRefunds();
            settleEarlier();
            flow.report(found);
            if (notCarried > 0) {
                LOG.warn(
                        "{} payments and refunds on the bill of {} of {}, which ended on the next day here, are not carried over and will be discrepancies",
                        notCarried,
                        day,
                        channel);
            }
            int settled = open.settle(comparison.agreeing(), refundComparison.agreeing(), day, clock.instant());
            return new Result(report(settled), Suspense.text(suspended));
        }

        private void check(Optional<BillPeriod> stated) {
            stated.ifPresent(of -> {
                if (period.from().isBefore(of.from()) || period.to().isAfter(of.to())) {
                    throw new BillException("it is not the bill of " + day);
                }
            });
        }

        private boolean isCompared(BillEntry entry) {
            return entry.outTradeNo().startsWith(ordersPrefix);
        }

        private void note(BillEntry entry) {
            if (!isCompared(entry)) {
                leftOut++;
                return;
            }
            comparison.note(entry);
            if (entry.amount() != null && entry.kind() == BillEntry.Kind.PAID) {
                billPayments.add(entry.amount());
            } else if (entry.amount() != null) {
                billRefunds.add(entry.amount());
                refundComparison.note(entry);
            }
        }

        private void compareOwn() {
            PaymentFilter filter = paidWithin(channel, period);
            PaymentId before = null;
            do {
                PaymentStore.Page<Payment, PaymentId> page = payments.list(filter, before, PAGE);
                for (Payment payment : page.items().stream().filter(covered).toList()) {
                    ownPayments.add(payment.paidAmount());
                    boolean known = billedEarly.contains(payment.id().toString());
                    comparison
                            .compare(local(payment))
                            .filter(difference -> !known)
                            .ifPresent(difference -> decide(difference, payment.paidAt()));
                }
                before = page.next();
            } while (before != null);
            earlier.stream()
                    .filter(each -> each.kind() == Suspense.Kind.PAYMENT)
                    .forEach(each -> payments.find(PaymentId.parse(each.number()))
                            .flatMap(payment -> comparison.compare(local(payment)))
                            .ifPresent(this::report));
        }

        /** A payment that the bill reports as paid: if it is not final here, the channel is queried at once. */
        private Optional<LocalPayment> lookUp(PaymentId id) {
            Optional<Payment> payment = payments.find(id)
                    .map(known ->
                            known.state().isFinal() ? known : flow.sync(id).orElse(known));
            payment.filter(known -> known.state() == PaymentState.SUCCEEDED)
                    .filter(known -> known.paidAt() != null && !known.paidAt().isBefore(period.to()))
                    .ifPresent(known -> carryBilledEarly(known.id().toString()));
            return payment.map(DailyReconciliation::local);
        }

        private void decide(BillDifference difference, @Nullable Instant at) {
            boolean oneSided = difference.kind() == DiscrepancyKind.MISSING_THERE
                    || difference.kind() == DiscrepancyKind.MISSING_HERE && difference.payment() == null;
            boolean carried = oneSided
                    && isNearMidnight(at)
                    && carry(new Suspense(
                            difference.kind() == DiscrepancyKind.MISSING_THERE
                                    ? Suspense.Kind.PAYMENT
                                    : Suspense.Kind.ORDER,
                            difference.outTradeNo(),
                            difference.channelTradeNo(),
                            difference.detail()));
            if (!carried) {
                report(difference);
            }
        }

        /** False if the day carries too much already. */
        private boolean carry(Suspense suspense) {
            return suspended.size() < SUSPENDED_MAX && suspended.add(suspense);
        }

        /** For the next day, on whose bill it is missing. */
        private void carryBilledEarly(String number) {
            notCarried += carry(new Suspense(Suspense.Kind.BILLED_EARLY, number, "", "")) ? 0 : 1;
        }

        private boolean isNearMidnight(@Nullable Instant at) {
            return at != null
                    && (at.isBefore(period.from().plus(NEAR_MIDNIGHT))
                            || !at.isBefore(period.to().minus(NEAR_MIDNIGHT)));
        }

        private void report(BillDifference difference) {
            String subject = difference.channelTradeNo().isEmpty()
                    ? difference.outTradeNo()
                    : difference.outTradeNo() + " " + difference.channelTradeNo();
            report(difference.kind(), subject, difference.payment(), difference.detail());
        }

        private void report(DiscrepancyKind kind, String subject, @Nullable PaymentId payment, String detail) {
            if (found.size() < DIFFERENCES_MAX) {
                found.add(new StoredDiscrepancy(
                        new DiscrepancyId(payment == null ? ids.next() : ids.nextBeside(payment.value())),
                        kind,
                        channel,
                        subject,
                        payment,
                        detail + " (bill of " + day + ")",
                        clock.instant(),
                        null));
            }
        }

        private void compareRefunds() {
            refundComparison
                    .compareOwn(period, covered, ownRefunds, billedEarly)
                    .forEach(missing -> {
                        String detail =
                                "here: refunded " + missing.terms().amount().text() + "; not on the bill";
                        if (!isNearMidnight(missing.refundedAt())
                                || !carry(new Suspense(
                                        Suspense.Kind.REFUND, missing.id().toString(), "", detail))) {
                            report(
                                    DiscrepancyKind.MISSING_THERE,
                                    missing.id().toString(),
                                    missing.terms().payment(),
                                    detail);
                        }
                    });
            refundComparison.compareBilled(
                    period,
                    this::carryBilledEarly,
                    difference ->
                            report(difference.kind(), difference.subject(), difference.payment(), difference.detail()));
        }

        /** What the day before carried over, and this bill does not explain either. Payments are compared with the others. */
        private void settleEarlier() {
            for (Suspense each : earlier) {
                if (each.kind() == Suspense.Kind.REFUND) {
                    refundComparison
                            .missing(each.number())
                            .ifPresent(refund -> report(
                                    DiscrepancyKind.MISSING_THERE,
                                    each.number(),
                                    refund.terms().payment(),
                                    each.detail()));
                } else if (each.kind() == Suspense.Kind.ORDER && !isKnown(each.number())) {
                    String subject = each.channelTradeNo().isEmpty()
                            ? each.number()
                            : each.number() + " " + each.channelTradeNo();
                    report(DiscrepancyKind.MISSING_HERE, subject, null, each.detail());
                }
            }
        }

        private boolean isKnown(String number) {
            try {
                return payments.find(PaymentId.parse(number)).isPresent();
            } catch (IllegalArgumentException e) {
                return false; // another system's order
            }
        }

        private String report(int settled) {
            return "{\"bill\":{\"payments\":" + billPayments.json() + ",\"refunds\":" + billRefunds.json()
                    + "},\"rung\":{\"payments\":" + ownPayments.json() + ",\"refunds\":" + ownRefunds.json()
                    + "},\"differences\":" + found.size() + ",\"suspended\":"
                    + suspended.stream()
                            .filter(each -> each.kind() != Suspense.Kind.BILLED_EARLY)
                            .count()
                    + ",\"settled\":" + settled + ",\"left_out\":" + leftOut + ",\"unreadable\":" + unreadable + "}";
        }
    }

    private static LocalPayment local(Payment payment) {
        return new LocalPayment(
                payment.id(),
                payment.order().channel(),
                payment.state().text(),
                payment.paidAmount(),
                payment.funds().paid() > 0,
                payment.channelTradeNo(),
                payment.paidAt());
    }
}
