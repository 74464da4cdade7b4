package dev.rung.payments.memory;

import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.model.WaitingApproval;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
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
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory payment store in the database of a {@link MemoryNotificationStore}: it shares its lock, transactions and
 * faults. Thread-safe.
 */
public final class MemoryPaymentStore implements PaymentStore {
    private static final int SCAN_MAX = 1_000;

    private final MemoryNotificationStore notifications;
    private final InstantSource clock;
    private final NavigableMap<PaymentId, Payment> payments = new TreeMap<>();
    private final Map<OrderNumber, PaymentId> numbers = new HashMap<>();
    private final Map<PaymentId, byte[]> digests = new HashMap<>();
    private final Map<PaymentState, Long> counts = new EnumMap<>(PaymentState.class);
    private final NavigableMap<Long, PaymentEvent> events = new TreeMap<>();
    private final CallbackTable callbacks = new CallbackTable();
    private final DiscrepancyTable discrepancies = new DiscrepancyTable();
    /** For ended payments, the time of their latest timeline entry; absent once the timeline is deleted. */
    private final Map<PaymentId, Instant> toldUntil = new HashMap<>();

    private final MemoryRefundStore refunds = new MemoryRefundStore(this);
    private long lastId;

    private record OrderNumber(MerchantId merchant, String outTradeNo) {}

    public MemoryPaymentStore(MemoryNotificationStore notifications, InstantSource clock) {
        this.notifications = notifications;
        this.clock = clock;
    }

    /** The refunds in the same database. */
    public RefundStore refunds() {
        return refunds;
    }

    /** What waits for approval in the same database. */
    ApprovalStore approvals() {
        return (before, limit) -> transaction("approvals", () -> {
            List<WaitingApproval> found = Stream.concat(
                            refunds.all()
                                    .filter(Refund::isWaitingForApproval)
                                    .<WaitingApproval>map(WaitingApproval.OfRefund::new),
                            discrepancies
                                    .all()
                                    .filter(d -> d.request() != null)
                                    .map(WaitingApproval.OfDiscrepancy::new))
                    .filter(w -> before == null || w.id() < before)
                    .sorted(Comparator.comparingLong(WaitingApproval::id).reversed())
                    .limit(limit + 1L)
                    .toList();
            return found.size() <= limit
                    ? new Page<>(found, null)
                    : new Page<>(found.subList(0, limit), found.get(limit - 1).id());
        });
    }

    <T> T transaction(String method, Supplier<T> body) {
        return notifications.spanning(method, body);
    }

    void given(long id) {
        lastId = Math.max(lastId, id);
    }

    @Override
    public List<CreateResult> create(List<NewPayment> batch) {
        return transaction("take", () -> {
            refuseTakenIds(batch);
            return batch.stream().map(this::create).toList();
        });
    }

    private void refuseTakenIds(List<NewPayment> batch) {
        Set<Object> seen = new HashSet<>();
        for (NewPayment item : batch) {
            refuse(payments.containsKey(item.payment().id())
                    || !seen.add(item.payment().id()));
            refuse(isTaken(item.query().id()) || !seen.add(item.query().id()));
            refuse(events.containsKey(item.event().id())
                    || !seen.add(item.event().id()));
        }
    }

    private boolean isTaken(NotificationId id) {
        return notifications.catalog().find(id).isPresent();
    }

    static void refuse(boolean taken) {
        if (taken) {
            throw StoreException.idTaken(new IllegalStateException("an id is taken"));
        }
    }

    private CreateResult create(NewPayment item) {
        Payment payment = item.payment();
        OrderNumber number =
                new OrderNumber(payment.order().merchantId(), payment.order().outTradeNo());
        PaymentId first = numbers.putIfAbsent(number, payment.id());
        if (first != null) {
            return Arrays.equals(digests.get(first), item.requestDigest())
                    ? new CreateResult.Repeated(payments.get(first))
                    : new CreateResult.Conflicting(payments.get(first));
        }
        digests.put(payment.id(), item.requestDigest());
        put(payment);
        tell(item.event());
        owe(item.query());
        return new CreateResult.Stored();
    }

    private void put(Payment payment) {
        Payment before = payments.put(payment.id(), payment);
        if (before != null) {
            counts.merge(before.state(), -1L, Long::sum);
        }
        counts.merge(payment.state(), 1L, Long::sum);
        given(payment.id().value());
    }

    void tell(PaymentEvent event) {
        events.put(event.id(), event);
        given(event.id());
    }

    void owe(NewNotification notification) {
        List<NotificationStore.Acceptance> accepted = notifications.accept(List.of(notification));
        if (!accepted.equals(List.of(new NotificationStore.Acceptance.Stored(notification)))) {
            throw new IllegalStateException("not stored: " + accepted);
        }
    }

    Payment get(PaymentId id) {
        return Objects.requireNonNull(payments.get(id), "the refund's payment");
    }

    void changeFunds(PaymentId id, UnaryOperator<Payment.Funds> change) {
        payments.computeIfPresent(
                id,
                (same, p) ->
                        with(p, change.apply(p.funds()), p.version() + (p.state() == PaymentState.SUCCEEDED ? 0 : 1)));
    }

    void toldOf(PaymentId id, Instant at) {
        if (payments.get(id).state().isFinal()) {
            toldUntil.merge(id, at, (a, b) -> a.isAfter(b) ? a : b);
        }
    }

    void keep(StoredCallback callback) {
        given(callbacks.keep(callback));
    }

    void reportNow(StoredDiscrepancy discrepancy) {
        given(discrepancies.report(discrepancy).id().value());
    }

    void cancel(NotificationId query) {
        notifications.cancel(query, clock.millis());
    }

    void refuseTaken(PaymentEvent event) {
        refuse(events.containsKey(event.id()));
    }

    void refuseTaken(@Nullable NewNotification notification) {
        refuse(notification != null && isTaken(notification.id()));
    }

    void refuseTaken(@Nullable StoredDiscrepancy discrepancy) {
        refuse(discrepancy != null && discrepancies.isTaken(discrepancy.id()));
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return transaction("change", () -> {
            Set<Object> seen = new HashSet<>();
            for (Change change : batch) {
                for (PaymentEvent event : change.events()) {
                    refuse(events.containsKey(event.id()) || !seen.add(event.id()));
                }
                NewNotification end = change.notification();
                refuse(end != null && (isTaken(end.id()) || !seen.add(end.id())));
                refuse(change.discrepancy() != null
                        && discrepancies.isTaken(change.discrepancy().id()));
            }
            return batch.stream().map(this::change).toList();
        });
    }

    private boolean change(Change change) {
        Payment before = payments.get(change.before().id());
        if (before == null || before.version() != change.before().version()) {
            return false;
        }
        Payment after = change.after();
        if (!after.equals(change.before())) {
            Payment.Funds funds = new Payment.Funds(
                    after.funds().paid(),
                    before.funds().refunding(),
                    before.funds().refunded());
            put(with(after, funds, before.version() + 1));
        }
        change.events().forEach(this::tell);
        if (after.state().isFinal()) {
            Instant times = change.addedAt().orElseGet(clock::instant);
            toldUntil.merge(after.id(), times, (a, b) -> a.isAfter(b) ? a : b);
        }
        if (change.callback() != null) {
            given(callbacks.keep(change.callback()));
        }
        if (change.discrepancy() != null) {
            given(discrepancies.report(change.discrepancy()).id().value());
        }
        if (change.notification() != null) {
            owe(change.notification());
        }
        if (!before.state().isFinal() && after.state().isFinal()) {
            notifications.cancel(before.queryId(), clock.millis());
        }
        return true;
    }

    private static Payment with(Payment p, Payment.Funds funds, int version) {
        return new Payment(
                p.id(),
                p.order(),
                p.queryId(),
                p.state(),
                p.createdAt(),
                p.expiresAt(),
                p.closeRequestedAt(),
                p.access(),
                p.channelTradeNo(),
                p.paidAt(),
                funds,
                version);
    }

    @Override
    public Optional<Payment> find(PaymentId id) {
        return transaction("findPayment", () -> Optional.ofNullable(payments.get(id)));
    }

    @Override
    public Optional<Payment> find(MerchantId merchant, String outTradeNo) {
        return transaction(
                "findPayment",
                () -> Optional.ofNullable(numbers.get(new OrderNumber(merchant, outTradeNo)))
                        .map(payments::get));
    }

    @Override
    public Page<Payment, PaymentId> list(PaymentFilter filter, @Nullable PaymentId before, int limit) {
        return transaction(
                "listPayments",
                () -> filter.isByTimeOfPayment()
                        ? latestPaid(filter, before, limit)
                        : page(payments, before, limit, p -> matches(filter, p)));
    }

    private Page<Payment, PaymentId> latestPaid(PaymentFilter filter, @Nullable PaymentId before, int limit) {
        Comparator<Payment> earliestFirst = Comparator.comparing((Payment p) -> Objects.requireNonNull(p.paidAt()))
                .thenComparing(Payment::id);
        Payment last = before == null ? null : payments.get(before);
        List<Payment> scanned = payments.values().stream()
                .filter(p -> p.paidAt() != null
                        && isWithin(filter, p.paidAt())
                        && (last == null || earliestFirst.compare(p, last) < 0))
                .sorted(earliestFirst.reversed())
                .limit(SCAN_MAX + 1L)
                .toList();
        List<Payment> found = scanned.stream()
                .limit(SCAN_MAX)
                .filter(p -> matches(filter, p))
                .limit(limit + 1L)
                .toList();
        if (found.size() > limit) {
            return new Page<>(found.subList(0, limit), found.get(limit - 1).id());
        }
        return new Page<>(
                found, scanned.size() > SCAN_MAX ? scanned.get(SCAN_MAX - 1).id() : null);
    }

    private static boolean isWithin(PaymentFilter f, Instant paidAt) {
        return (f.paidFrom() == null || !paidAt.isBefore(f.paidFrom()))
                && (f.paidTo() == null || paidAt.isBefore(f.paidTo()));
    }

    private static boolean matches(PaymentFilter f, Payment p) {
        return (f.merchant() == null || f.merchant().equals(p.order().merchantId()))
                && (f.outTradeNo() == null || f.outTradeNo().equals(p.order().outTradeNo()))
                && (f.channelTradeNo() == null || f.channelTradeNo().equals(p.channelTradeNo()))
                && (f.attach() == null || f.attach().equals(p.order().checkout().attach()))
                && (f.channel() == null || f.channel().equals(p.order().channel()))
                && (f.state() == null || f.state() == p.state())
                && (f.paidFrom() == null || (p.paidAt() != null && !p.paidAt().isBefore(f.paidFrom())))
                && (f.paidTo() == null || (p.paidAt() != null && p.paidAt().isBefore(f.paidTo())));
    }

    static <T, C> Page<T, C> page(NavigableMap<C, T> all, @Nullable C before, int limit, Predicate<T> wanted) {
        List<T> items = new ArrayList<>();
        C last = null;
        int scanned = 0;
        NavigableMap<C, T> older = before == null ? all : all.headMap(before, false);
        for (Map.Entry<C, T> entry : older.descendingMap().entrySet()) {
            if (items.size() == limit || scanned++ == SCAN_MAX) {
                return new Page<>(items, last);
            }
            last = entry.getKey();
            if (wanted.test(entry.getValue())) {
                items.add(entry.getValue());
            }
        }
        return new Page<>(items, null);
    }

    @Override
    public List<PaymentEvent> timeline(PaymentId id, int limit) {
        return transaction(
                "timeline",
                () -> events.values().stream()
                        .filter(e -> e.payment().equals(id))
                        .limit(limit)
                        .toList());
    }

    @Override
    public List<StoredCallback> callbacks(PaymentId id, int limit) {
        return transaction("callbacks", () -> callbacks.of(id, limit));
    }

    @Override
    public void storeUnverified(StoredCallback callback, String group, int keep) {
        transaction("storeUnverified", () -> {
            given(callback.id());
            return callbacks.storeUnverified(callback, group, keep);
        });
    }

    @Override
    public List<StoredCallback> unverified(String channel, long before, int limit) {
        return transaction("unverified", () -> callbacks.unverified(channel, before, limit));
    }

    @Override
    public void storeOrphan(StoredCallback callback, StoredDiscrepancy discrepancy) {
        transaction("storeOrphan", () -> {
            StoredDiscrepancy finding = discrepancies.report(discrepancy);
            given(finding.id().value());
            given(callbacks.storeOrphan(callback, finding.id()));
            return finding;
        });
    }

    @Override
    public List<OrphanCallback> orphans(long after, int limit) {
        return transaction("orphans", () -> callbacks.orphans(after, limit, discrepancies::open));
    }

    @Override
    public List<Boolean> report(List<StoredDiscrepancy> findings) {
        return transaction(
                "report",
                () -> findings.stream()
                        .map(finding -> {
                            StoredDiscrepancy kept = discrepancies.report(finding);
                            given(kept.id().value());
                            return kept.id().equals(finding.id());
                        })
                        .toList());
    }

    @Override
    public Page<StoredDiscrepancy, DiscrepancyId> discrepancies(
            boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        return transaction("discrepancies", () -> discrepancies.list(null, openOnly, before, limit));
    }

    @Override
    public Page<StoredDiscrepancy, DiscrepancyId> discrepancies(
            PaymentId payment, boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        return transaction("discrepancies", () -> discrepancies.list(payment, openOnly, before, limit));
    }

    @Override
    public boolean hasOpen(MerchantId merchant) {
        return transaction(
                "hasOpen",
                () -> payments.values().stream()
                        .filter(p -> p.order().merchantId().equals(merchant))
                        .anyMatch(p -> !p.state().isFinal() || p.funds().refunding() > 0));
    }

    @Override
    public int openDiscrepancies(int max) {
        return transaction("openDiscrepancies", () -> discrepancies.open(max));
    }

    @Override
    public Optional<StoredDiscrepancy> discrepancy(DiscrepancyId id) {
        return transaction("discrepancy", () -> discrepancies.find(id));
    }

    @Override
    public boolean requestAcceptance(DiscrepancyId id, StoredDiscrepancy.AcceptRequest request) {
        return transaction("requestAcceptance", () -> discrepancies.requestAcceptance(id, request));
    }

    @Override
    public boolean withdrawAcceptance(DiscrepancyId id, Instant now) {
        return transaction("withdrawAcceptance", () -> discrepancies.withdrawAcceptance(id, now));
    }

    @Override
    public boolean claim(DiscrepancyId id, StoredDiscrepancy.Claim claim) {
        return transaction("claim", () -> discrepancies.claim(id, claim));
    }

    @Override
    public void release(DiscrepancyId id, Acceptance acceptance) {
        transaction("release", () -> {
            discrepancies.release(id, acceptance);
            return id;
        });
    }

    void reopenNow(DiscrepancyId id, PaymentId payment) {
        discrepancies.reopen(id, payment);
    }

    @Override
    public boolean resolve(DiscrepancyId id, StoredDiscrepancy.Resolution resolution) {
        return transaction("resolve", () -> discrepancies.resolve(id, resolution));
    }

    @Override
    public Map<PaymentState, Long> countByState() {
        return transaction("countByState", () -> Map.copyOf(counts));
    }

    @Override
    public int purge(Instant before, int limit) {
        return transaction("purgePayments", () -> {
            int orphans = callbacks.purgeOrphans(limit, finding -> isResolvedBefore(finding, before));
            List<PaymentId> old = toldUntil.entrySet().stream()
                    .filter(e -> e.getValue().isBefore(before)
                            && payments.get(e.getKey()).funds().refunding() == 0)
                    .limit(limit - orphans)
                    .map(Map.Entry::getKey)
                    .toList();
            for (PaymentId id : old) {
                events.values().removeIf(e -> e.payment().equals(id));
                callbacks.purge(id);
                toldUntil.remove(id);
            }
            return orphans + old.size();
        });
    }

    @Override
    public int purgeRecords(Instant before, int limit) {
        long below = Ids.first(before.toEpochMilli());
        return transaction("purgeRecords", () -> {
            List<DiscrepancyId> strays = discrepancies.strays(below, before, limit);
            strays.forEach(id -> {
                callbacks.purgeOrphans(Integer.MAX_VALUE, id::equals);
                discrepancies.remove(id);
            });
            List<Payment> old = payments.headMap(new PaymentId(below)).values().stream()
                    .filter(p -> p.state().isFinal()
                            && p.funds().refunding() == 0
                            && discrepancies.of(p.id()).stream().allMatch(d -> d.resolution() != null))
                    .limit(limit - strays.size())
                    .toList();
            old.forEach(this::purgeRecord);
            return strays.size() + old.size();
        });
    }

    private void purgeRecord(Payment payment) {
        PaymentId id = payment.id();
        events.values().removeIf(e -> e.payment().equals(id));
        callbacks.purge(id);
        discrepancies.of(id).forEach(d -> discrepancies.remove(d.id()));
        refunds.purge(id);
        toldUntil.remove(id);
        digests.remove(id);
        numbers.values().remove(id);
        payments.remove(id);
        counts.merge(payment.state(), -1L, Long::sum);
    }

    private boolean isResolvedBefore(DiscrepancyId id, Instant before) {
        return discrepancies
                .find(id)
                .map(StoredDiscrepancy::resolution)
                .filter(r -> r.at().isBefore(before))
                .isPresent();
    }

    @Override
    public long lastId() {
        return transaction("lastPaymentId", () -> lastId);
    }
}
