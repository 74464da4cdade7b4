package dev.rung.payments.memory;

import dev.rung.payments.model.Discrepancy;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.port.PaymentStore.Page;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Discrepancies. Not thread-safe: guarded by its store. */
final class DiscrepancyTable {
    private final NavigableMap<DiscrepancyId, Discrepancy> byId = new TreeMap<>();
    private final Map<Finding, DiscrepancyId> findings = new HashMap<>();

    private record Finding(DiscrepancyKind kind, String channel, String subject) {}

    boolean isTaken(DiscrepancyId id) {
        return byId.containsKey(id);
    }

    /** As it is kept: the one that was there before, if there was one. */
    Discrepancy report(Discrepancy d) {
        DiscrepancyId first = findings.putIfAbsent(new Finding(d.kind(), d.channel(), d.subject()), d.id());
        if (first == null) {
            byId.put(d.id(), d);
            return d;
        }
        return byId.get(first);
    }

    Optional<Discrepancy> find(DiscrepancyId id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Discrepancy> open(DiscrepancyId id) {
        return find(id).filter(d -> d.resolution() == null);
    }

    Page<Discrepancy, DiscrepancyId> list(boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        return MemoryPaymentStore.page(byId, before, limit, d -> !openOnly || d.resolution() == null);
    }

    int open(int max) {
        return (int) byId.values().stream()
                .filter(d -> d.resolution() == null)
                .limit(max)
                .count();
    }

    boolean resolve(DiscrepancyId id, Discrepancy.Resolution resolution) {
        Discrepancy d = open(id).orElse(null);
        if (d == null) {
            return false;
        }
        byId.put(
                id,
                new Discrepancy(
                        d.id(),
                        d.kind(),
                        d.channel(),
                        d.subject(),
                        d.payment(),
                        d.detail(),
                        d.createdAt(),
                        resolution));
        return true;
    }
}
