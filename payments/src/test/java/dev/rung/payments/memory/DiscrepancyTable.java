package dev.rung.payments.memory;

import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore.Page;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Discrepancies. Not thread-safe: guarded by its store. */
final class DiscrepancyTable {
    private final NavigableMap<DiscrepancyId, StoredDiscrepancy> byId = new TreeMap<>();
    private final Map<Finding, DiscrepancyId> findings = new HashMap<>();

    private record Finding(DiscrepancyKind kind, String channel, String subject) {}

    boolean isTaken(DiscrepancyId id) {
        return byId.containsKey(id);
    }

    /** Stores it and returns the stored one, which may have existed before. */
    StoredDiscrepancy report(StoredDiscrepancy d) {
        DiscrepancyId first = findings.putIfAbsent(new Finding(d.kind(), d.channel(), d.subject()), d.id());
        if (first == null) {
            byId.put(d.id(), d);
            return d;
        }
        return byId.get(first);
    }

    List<StoredDiscrepancy> of(PaymentId payment) {
        return byId.values().stream().filter(d -> payment.equals(d.payment())).toList();
    }

    /** Those of no payment, below this id and resolved before this time. */
    List<DiscrepancyId> strays(long below, Instant before, int limit) {
        return byId.headMap(new DiscrepancyId(below)).values().stream()
                .filter(d -> d.payment() == null
                        && d.resolution() != null
                        && d.resolution().at().isBefore(before))
                .limit(limit)
                .map(StoredDiscrepancy::id)
                .toList();
    }

    void remove(DiscrepancyId id) {
        byId.remove(id);
        findings.values().remove(id);
    }

    Optional<StoredDiscrepancy> find(DiscrepancyId id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<StoredDiscrepancy> open(DiscrepancyId id) {
        return find(id).filter(d -> d.resolution() == null);
    }

    Page<StoredDiscrepancy, DiscrepancyId> list(boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        return MemoryPaymentStore.page(byId, before, limit, d -> !openOnly || d.resolution() == null);
    }

    int open(int max) {
        return (int) byId.values().stream()
                .filter(d -> d.resolution() == null)
                .limit(max)
                .count();
    }

    boolean resolve(DiscrepancyId id, StoredDiscrepancy.Resolution resolution) {
        return replace(id, d -> true, null, resolution);
    }

    boolean requestAcceptance(DiscrepancyId id, StoredDiscrepancy.AcceptRequest request) {
        return replace(id, d -> d.request() == null, request, null);
    }

    boolean withdrawAcceptance(DiscrepancyId id) {
        return replace(id, d -> d.request() != null, null, null);
    }

    private boolean replace(
            DiscrepancyId id,
            Predicate<StoredDiscrepancy> condition,
            StoredDiscrepancy.@Nullable AcceptRequest request,
            StoredDiscrepancy.@Nullable Resolution resolution) {
        StoredDiscrepancy d = open(id).filter(condition).orElse(null);
        if (d == null) {
            return false;
        }
        byId.put(
                id,
                new StoredDiscrepancy(
                        d.id(),
                        d.kind(),
                        d.channel(),
                        d.subject(),
                        d.payment(),
                        d.detail(),
                        d.createdAt(),
                        request,
                        resolution));
        return true;
    }
}
