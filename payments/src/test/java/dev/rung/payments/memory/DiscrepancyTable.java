package dev.rung.payments.memory;

import dev.rung.payments.model.Acceptance;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Discrepancies. Not thread-safe: guarded by its store. */
final class DiscrepancyTable {
    private final NavigableMap<DiscrepancyId, StoredDiscrepancy> byId = new TreeMap<>();
    private final Map<Finding, DiscrepancyId> findings = new HashMap<>();
    private final Map<DiscrepancyId, StoredDiscrepancy.Claim> claims = new HashMap<>();

    private record Finding(DiscrepancyKind kind, String channel, String subject) {}

    Stream<StoredDiscrepancy> all() {
        return byId.values().stream();
    }

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

    /** @param payment null: of all payments, and of none */
    Page<StoredDiscrepancy, DiscrepancyId> list(
            @Nullable PaymentId payment, boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        return MemoryPaymentStore.page(
                byId,
                before,
                limit,
                d -> (!openOnly || d.resolution() == null) && (payment == null || payment.equals(d.payment())));
    }

    int open(int max) {
        return (int) byId.values().stream()
                .filter(d -> d.resolution() == null)
                .limit(max)
                .count();
    }

    boolean resolve(DiscrepancyId id, StoredDiscrepancy.Resolution resolution) {
        Acceptance accepted = resolution.accepted();
        boolean may = accepted == null ? isUnclaimed(id, resolution.at()) : isClaimedFor(id, accepted);
        boolean resolved = may && replace(id, d -> true, null, resolution);
        if (resolved) {
            claims.remove(id);
        }
        return resolved;
    }

    boolean requestAcceptance(DiscrepancyId id, StoredDiscrepancy.AcceptRequest request) {
        return isUnclaimed(id, request.at()) && replace(id, d -> d.request() == null, request, null);
    }

    boolean withdrawAcceptance(DiscrepancyId id, Instant now) {
        return isUnclaimed(id, now) && replace(id, d -> d.request() != null, null, null);
    }

    boolean claim(DiscrepancyId id, StoredDiscrepancy.Claim claim) {
        Acceptance requested = claim.approved() ? claim.acceptance() : null;
        boolean claimed = open(id).filter(d -> requested
                                == (d.request() == null ? null : d.request().acceptance()))
                        .isPresent()
                && (isClaimedFor(id, claim.acceptance()) || isUnclaimed(id, claim.at()));
        if (claimed) {
            claims.put(id, claim);
        }
        return claimed;
    }

    void release(DiscrepancyId id, Acceptance acceptance) {
        if (isClaimedFor(id, acceptance)) {
            claims.remove(id);
        }
    }

    private boolean isUnclaimed(DiscrepancyId id, Instant now) {
        StoredDiscrepancy.Claim claim = claims.get(id);
        return claim == null || !claim.until().isAfter(now);
    }

    private boolean isClaimedFor(DiscrepancyId id, Acceptance acceptance) {
        StoredDiscrepancy.Claim claim = claims.get(id);
        return claim != null && claim.acceptance() == acceptance;
    }

    /** Reopens what a refund of this payment was to settle, if it was. */
    void reopen(DiscrepancyId id, PaymentId payment) {
        StoredDiscrepancy d =
                find(id).filter(found -> payment.equals(found.payment())).orElse(null);
        if (d == null) {
            return;
        }
        if (d.resolution() != null && d.resolution().accepted() == Acceptance.REFUND) {
            put(d, null, null);
        }
        release(id, Acceptance.REFUND);
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
        put(d, request, resolution);
        return true;
    }

    private void put(
            StoredDiscrepancy d,
            StoredDiscrepancy.@Nullable AcceptRequest request,
            StoredDiscrepancy.@Nullable Resolution resolution) {
        byId.put(
                d.id(),
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
    }
}
