package dev.rung.payments.memory;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.RefundStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The refunds of a {@link MemoryPaymentStore}, in its transactions. Thread-safe. */
final class MemoryRefundStore implements RefundStore {
    private final MemoryPaymentStore payments;
    private final NavigableMap<RefundId, Refund> refunds = new TreeMap<>();
    private final Map<RefundId, byte[]> digests = new HashMap<>();

    MemoryRefundStore(MemoryPaymentStore payments) {
        this.payments = payments;
    }

    Stream<Refund> all() {
        return refunds.values().stream();
    }

    void purge(PaymentId payment) {
        refunds.values().removeIf(refund -> refund.terms().payment().equals(payment));
        digests.keySet().retainAll(refunds.keySet());
    }

    /** All or nothing: a batch with an id in use is refused before any of it is written. */
    @Override
    public List<CreateResult> create(List<NewRefund> batch) {
        return payments.transaction("createRefund", () -> {
            Set<Object> seen = new HashSet<>();
            batch.forEach(item -> MemoryPaymentStore.refuse(
                    !seen.add(item.refund().id()) || !seen.add(item.event().id())));
            return batch.stream().map(this::createOne).toList();
        });
    }

    private CreateResult createOne(NewRefund item) {
        Refund refund = item.refund();
        Refund first = first(refund);
        if (first != null) {
            if (item.callback() != null) {
                payments.keep(item.callback());
            }
            return Arrays.equals(digests.get(first.id()), item.requestDigest())
                    ? new CreateResult.Repeated(first)
                    : new CreateResult.Conflicting(first);
        }
        Payment payment = payments.get(refund.terms().payment());
        boolean exceeding = refund.terms().amount().value() > payment.funds().refundable();
        if (exceeding && !refund.state().isFinal()) {
            return new CreateResult.Exceeding(payment);
        }
        MemoryPaymentStore.refuse(refunds.containsKey(refund.id()));
        payments.refuseTaken(item.event());
        payments.refuseTaken(item.query());
        payments.refuseTaken(item.notification());
        refunds.put(refund.id(), refund);
        digests.put(refund.id(), item.requestDigest());
        payments.given(refund.id().value());
        move(null, refund);
        payments.tell(item.event());
        payments.toldOf(refund.terms().payment(), item.event().at());
        owe(item.query());
        owe(item.notification());
        if (item.callback() != null) {
            payments.keep(item.callback());
        }
        if (exceeding && item.ifExceeding() != null) {
            payments.reportNow(item.ifExceeding());
        }
        return new CreateResult.Stored();
    }

    private @Nullable Refund first(Refund asked) {
        Refund.Terms terms = asked.terms();
        return terms.channelNumber() == null
                ? any(r -> r.terms().merchantId().equals(terms.merchantId())
                        && Objects.equals(r.terms().outRefundNo(), terms.outRefundNo()))
                : any(r -> r.terms().payment().equals(terms.payment())
                        && terms.channelNumber().equals(r.terms().channelNumber()));
    }

    private @Nullable Refund any(Predicate<Refund> wanted) {
        return refunds.values().stream().filter(wanted).findFirst().orElse(null);
    }

    private void owe(@Nullable NewNotification notification) {
        if (notification != null) {
            payments.owe(notification);
        }
    }

    private void move(@Nullable Refund before, Refund after) {
        long amount = after.terms().amount().value();
        payments.changeFunds(
                after.terms().payment(),
                f -> new Payment.Funds(
                        f.paid(),
                        f.refunding() + sign(before, after, r -> r.state() == RefundState.PROCESSING) * amount,
                        f.refunded() + sign(before, after, r -> r.state() == RefundState.SUCCEEDED) * amount,
                        f.refundedAfterFailure() + sign(before, after, Refund::refundedAfterFailure) * amount));
    }

    private static int sign(@Nullable Refund before, Refund after, Predicate<Refund> counted) {
        return (counted.test(after) ? 1 : 0) - (before != null && counted.test(before) ? 1 : 0);
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return payments.transaction(
                "changeRefund", () -> batch.stream().map(this::changeOne).toList());
    }

    private boolean changeOne(Change change) {
        Refund before = refunds.get(change.before().id());
        if (before == null || before.version() != change.before().version()) {
            return false;
        }
        change.events().forEach(payments::refuseTaken);
        payments.refuseTaken(change.notification());
        payments.refuseTaken(change.discrepancy());
        if (change.changesRefund()) {
            refunds.put(before.id(), change.after().withNextVersion());
            move(before, change.after());
        }
        change.events().forEach(payments::tell);
        change.addedAt().ifPresent(at -> payments.toldOf(before.terms().payment(), at));
        if (change.callback() != null) {
            payments.keep(change.callback());
        }
        if (change.discrepancy() != null) {
            payments.reportNow(change.discrepancy());
        }
        change.reopens().ifPresent(id -> payments.reopenNow(id, before.terms().payment()));
        owe(change.notification());
        if (change.becomesFinal() && before.queryId() != null) {
            payments.cancel(before.queryId());
        }
        return true;
    }

    @Override
    public Optional<Refund> find(RefundId id) {
        return payments.transaction("findRefund", () -> Optional.ofNullable(refunds.get(id)));
    }

    @Override
    public Optional<Refund> find(MerchantId merchant, String outRefundNo) {
        return payments.transaction(
                "findRefund",
                () -> Optional.ofNullable(any(r -> r.terms().merchantId().equals(merchant)
                        && outRefundNo.equals(r.terms().outRefundNo()))));
    }

    @Override
    public Optional<Refund> findChannelMade(PaymentId payment, String channelNumber) {
        return payments.transaction(
                "findRefund",
                () -> Optional.ofNullable(any(r -> r.terms().payment().equals(payment)
                        && channelNumber.equals(r.terms().channelNumber()))));
    }

    @Override
    public boolean hasOpen(String channel) {
        return payments.transaction(
                "findRefund",
                () -> refunds.values().stream()
                        .anyMatch(r -> r.terms().channel().equals(channel)
                                && !r.state().isFinal()));
    }

    @Override
    public List<Refund> refunded(String channel, Instant from, Instant to, @Nullable RefundId after, int limit) {
        return payments.transaction(
                "refunded",
                () -> refunds.values().stream()
                        .filter(r -> r.state() == RefundState.SUCCEEDED
                                && r.terms().channel().equals(channel))
                        .filter(r -> r.refundedAt() != null
                                && !r.refundedAt().isBefore(from)
                                && r.refundedAt().isBefore(to))
                        .filter(r -> after == null || r.id().compareTo(after) > 0)
                        .limit(limit)
                        .toList());
    }

    @Override
    public Page<Refund, RefundId> list(PaymentId payment, @Nullable RefundId before, int limit) {
        return payments.transaction(
                "listRefunds",
                () -> MemoryPaymentStore.page(
                        refunds, before, limit, r -> r.terms().payment().equals(payment)));
    }
}
