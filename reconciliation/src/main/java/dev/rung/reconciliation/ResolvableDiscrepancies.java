package dev.rung.reconciliation;

import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The open discrepancies of a channel account that a bill can settle. For use by one thread. */
final class ResolvableDiscrepancies {
    private static final int PAGE = 500;

    private static final Set<DiscrepancyKind> KINDS = EnumSet.of(
            DiscrepancyKind.MISSING_HERE,
            DiscrepancyKind.MISSING_THERE,
            DiscrepancyKind.STATE_MISMATCH,
            DiscrepancyKind.UNRESOLVED);

    private final PaymentStore payments;
    private final List<StoredDiscrepancy> open = new ArrayList<>();

    private ResolvableDiscrepancies(PaymentStore payments) {
        this.payments = payments;
    }

    static ResolvableDiscrepancies of(PaymentStore payments, String channel) {
        ResolvableDiscrepancies all = new ResolvableDiscrepancies(payments);
        DiscrepancyId before = null;
        do {
            PaymentStore.Page<StoredDiscrepancy, DiscrepancyId> page = payments.discrepancies(true, before, PAGE);
            page.items().stream()
                    .filter(each -> each.channel().equals(channel) && KINDS.contains(each.kind()))
                    .forEach(all.open::add);
            before = page.next();
        } while (before != null);
        return all;
    }

    /** The number of the order or refund that it is about. */
    private static String number(StoredDiscrepancy discrepancy) {
        return discrepancy.subject().split(" ", 2)[0];
    }

    /** The payments they are about. */
    Set<PaymentId> payments() {
        return open.stream().flatMap(each -> payment(number(each)).stream()).collect(Collectors.toSet());
    }

    /** Empty for the number of a refund, or of another system's order. */
    private static Optional<PaymentId> payment(String number) {
        try {
            return Optional.of(PaymentId.parse(number));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Resolves those of payments and refunds that a bill and Rung agree about.
     *
     * @return how many
     */
    int settle(Set<PaymentId> agreeing, Set<RefundId> agreeingRefunds, LocalDate day, Instant now) {
        Set<String> numbers = agreeing.stream().map(PaymentId::toString).collect(Collectors.toSet());
        agreeingRefunds.forEach(refund -> numbers.add(refund.toString()));
        StoredDiscrepancy.Resolution resolution = new StoredDiscrepancy.Resolution(
                "settled by the bill of " + day + ", which agrees with what is here", "rung", now);
        return (int) open.stream()
                .filter(each -> numbers.contains(number(each)))
                .filter(each -> payments.resolve(each.id(), resolution))
                .count();
    }
}
