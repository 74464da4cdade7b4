package dev.rung.payments.memory;

import dev.rung.core.model.Ids;
import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.ReconciliationStore;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reconciliations in memory. Thread-safe. */
public final class MemoryReconciliationStore implements ReconciliationStore {
    private final NavigableMap<ReconciliationId, StoredReconciliation> byId = new TreeMap<>();
    private final Map<ReconciliationId, Instant> takenUntil = new HashMap<>();

    @Override
    public synchronized boolean take(StoredReconciliation fresh, Instant now, Instant until) {
        StoredReconciliation known = find(fresh.channel(), fresh.day()).orElse(null);
        if (known == null) {
            byId.put(fresh.id(), fresh);
            takenUntil.put(fresh.id(), until);
            return true;
        }
        if (known.isFinished()
                || Objects.requireNonNull(takenUntil.get(known.id())).isAfter(now)) {
            return false;
        }
        takenUntil.put(known.id(), until);
        return true;
    }

    @Override
    public synchronized void delay(String channel, LocalDate day, String problem) {
        replace(channel, day, null, problem, null, null);
    }

    @Override
    public synchronized void finish(String channel, LocalDate day, Instant at, String report, String suspended) {
        replace(channel, day, at, null, report, suspended);
    }

    @Override
    public synchronized void giveUp(String channel, LocalDate day, Instant at, String problem, String suspended) {
        replace(channel, day, at, problem, null, suspended);
    }

    private void replace(
            String channel,
            LocalDate day,
            @Nullable Instant at,
            @Nullable String problem,
            @Nullable String report,
            @Nullable String suspended) {
        find(channel, day)
                .filter(known -> !known.isFinished())
                .ifPresent(known -> byId.put(
                        known.id(),
                        new StoredReconciliation(
                                known.id(), channel, day, known.createdAt(), at, problem, report, suspended)));
    }

    @Override
    public synchronized Optional<StoredReconciliation> find(String channel, LocalDate day) {
        return byId.values().stream()
                .filter(each -> each.channel().equals(channel) && each.day().equals(day))
                .findFirst();
    }

    @Override
    public synchronized Optional<StoredReconciliation> find(ReconciliationId id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public synchronized Page<StoredReconciliation, ReconciliationId> list(
            @Nullable String channel, @Nullable ReconciliationId before, int limit) {
        return MemoryPaymentStore.page(
                byId, before, limit, each -> channel == null || each.channel().equals(channel));
    }

    @Override
    public synchronized int purge(Instant before) {
        List<ReconciliationId> old =
                byId.headMap(new ReconciliationId(Ids.first(before.toEpochMilli()))).values().stream()
                        .filter(StoredReconciliation::isFinished)
                        .map(StoredReconciliation::id)
                        .toList();
        old.forEach(byId::remove);
        old.forEach(takenUntil::remove);
        return old.size();
    }
}
