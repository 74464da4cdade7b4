package dev.rung.store.common.sharded;

import dev.rung.core.model.MerchantId;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import dev.rung.store.spi.Stores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Payments, each in the shard of its merchant with its callbacks and discrepancies. Callbacks and discrepancies of no known payment belong to no merchant;
 * when the payment of such a callback becomes known, its shard gets a copy, and the first one is deleted with its discrepancy.
 */
final class ShardedPaymentStore implements PaymentStore {
    private final Shards shards;

    ShardedPaymentStore(Shards shards) {
        this.shards = shards;
    }

    private PaymentStore of(PaymentId id) {
        return shards.of(id.value()).payments();
    }

    private PaymentStore of(MerchantId merchant) {
        return shards.of(merchant).payments();
    }

    private PaymentStore global() {
        return shards.global().payments();
    }

    @Override
    public List<CreateResult> create(List<NewPayment> batch) {
        return shards.split(
                batch,
                n -> n.payment().id().value(),
                (shard, items) -> shard.payments().create(items));
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return shards.split(
                batch,
                c -> c.before().id().value(),
                (shard, items) -> shard.payments().change(items));
    }

    @Override
    public Optional<Payment> find(PaymentId id) {
        return of(id).find(id);
    }

    @Override
    public Optional<Payment> find(MerchantId merchant, String outTradeNo) {
        return of(merchant).find(merchant, outTradeNo);
    }

    @Override
    public boolean hasOpen(MerchantId merchant) {
        return of(merchant).hasOpen(merchant);
    }

    @Override
    public Page<Payment, PaymentId> list(PaymentFilter filter, @Nullable PaymentId before, int limit) {
        MerchantId merchant = filter.merchant();
        if (merchant != null) {
            return of(merchant).list(filter, before, limit);
        }
        if (filter.isByTimeOfPayment()) {
            return new PaidList(shards, filter).page(before, limit);
        }
        return MergedPage.of(
                shards.all().stream()
                        .map(shard -> shard.payments().list(filter, before, limit))
                        .toList(),
                limit,
                Payment::id,
                Function.identity(),
                Payment::id);
    }

    @Override
    public List<PaymentEvent> timeline(PaymentId id, int limit) {
        return of(id).timeline(id, limit);
    }

    @Override
    public List<StoredCallback> callbacks(PaymentId id, int limit) {
        return of(id).callbacks(id, limit);
    }

    @Override
    public void storeUnverified(StoredCallback callback, String group, int keep) {
        global().storeUnverified(callback, group, keep);
    }

    @Override
    public List<StoredCallback> unverified(String channel, long before, int limit) {
        return global().unverified(channel, before, limit);
    }

    @Override
    public void storeOrphan(StoredCallback callback, StoredDiscrepancy discrepancy) {
        global().storeOrphan(callback, discrepancy);
    }

    @Override
    public List<OrphanCallback> orphans(long after, int limit) {
        return global().orphans(after, limit);
    }

    @Override
    public List<Boolean> report(List<StoredDiscrepancy> discrepancies) {
        List<Boolean> added = new ArrayList<>(discrepancies.size());
        for (StoredDiscrepancy discrepancy : discrepancies) {
            PaymentId payment = discrepancy.payment();
            PaymentStore store = payment == null ? global() : of(payment);
            added.add(store.report(List.of(discrepancy)).getFirst());
        }
        return added;
    }

    @Override
    public Page<StoredDiscrepancy, DiscrepancyId> discrepancies(
            boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        return MergedPage.of(
                everywhere()
                        .map(store -> store.discrepancies(openOnly, before, limit))
                        .toList(),
                limit,
                d -> d.id().value(),
                DiscrepancyId::value,
                StoredDiscrepancy::id);
    }

    @Override
    public Page<StoredDiscrepancy, DiscrepancyId> discrepancies(
            PaymentId payment, boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        return of(payment).discrepancies(payment, openOnly, before, limit);
    }

    @Override
    public int openDiscrepancies(int max) {
        return Shards.sum(
                shards.everywhere(), max, (each, most) -> each.payments().openDiscrepancies(most));
    }

    @Override
    public Optional<StoredDiscrepancy> discrepancy(DiscrepancyId id) {
        return shards.of(id.value()).payments().discrepancy(id).or(() -> global().discrepancy(id));
    }

    /** Changes a discrepancy where it is. */
    private boolean change(DiscrepancyId id, Predicate<PaymentStore> change) {
        return change.test(shards.of(id.value()).payments()) || change.test(global());
    }

    @Override
    public boolean requestAcceptance(DiscrepancyId id, StoredDiscrepancy.AcceptRequest request) {
        return change(id, store -> store.requestAcceptance(id, request));
    }

    @Override
    public boolean withdrawAcceptance(DiscrepancyId id, Instant now) {
        return change(id, store -> store.withdrawAcceptance(id, now));
    }

    @Override
    public boolean claim(DiscrepancyId id, StoredDiscrepancy.Claim claim) {
        return change(id, store -> store.claim(id, claim));
    }

    @Override
    public void release(DiscrepancyId id, Acceptance acceptance) {
        shards.of(id.value()).payments().release(id, acceptance);
        global().release(id, acceptance);
    }

    @Override
    public boolean resolve(DiscrepancyId id, StoredDiscrepancy.Resolution resolution) {
        return change(id, store -> store.resolve(id, resolution));
    }

    @Override
    public Map<PaymentState, Long> countByState() {
        Map<PaymentState, Long> counts = new EnumMap<>(PaymentState.class);
        shards.all()
                .forEach(shard ->
                        shard.payments().countByState().forEach((state, n) -> counts.merge(state, n, Long::sum)));
        return counts;
    }

    @Override
    public int purge(Instant before, int limit) {
        return Shards.sum(
                shards.everywhere(), limit, (each, most) -> each.payments().purge(before, most));
    }

    @Override
    public int purgeRecords(Instant before, int limit) {
        return Shards.sum(
                shards.everywhere(), limit, (each, most) -> each.payments().purgeRecords(before, most));
    }

    @Override
    public long lastId() {
        return everywhere().mapToLong(PaymentStore::lastId).max().orElse(0);
    }

    private Stream<PaymentStore> everywhere() {
        return shards.everywhere().map(Stores::payments);
    }
}
