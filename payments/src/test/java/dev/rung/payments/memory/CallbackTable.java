package dev.rung.payments.memory;

import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore.OrphanCallback;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Callbacks. Not thread-safe: guarded by its store. */
final class CallbackTable {
    private final NavigableMap<Long, StoredCallback> verified = new TreeMap<>();
    private final Map<Key, Long> ids = new HashMap<>();
    private final Map<Long, DiscrepancyId> findings = new HashMap<>();
    private final Map<String, ArrayDeque<StoredCallback>> unverified = new HashMap<>();

    /** The group of each unverified callback. */
    private final Map<Long, String> groups = new HashMap<>();

    private record Key(String channel, ByteBuffer body) {}

    /** Stores a callback of a known payment; returns its id. */
    long keep(StoredCallback callback) {
        long id = insert(callback);
        StoredCallback kept = verified.get(id);
        if (kept.payment() == null && callback.payment() != null) {
            verified.put(id, kept.about(callback.payment(), callback.verdict()));
        }
        return id;
    }

    long storeOrphan(StoredCallback callback, DiscrepancyId finding) {
        long id = insert(callback);
        findings.putIfAbsent(id, finding);
        return id;
    }

    private long insert(StoredCallback callback) {
        Long first = ids.putIfAbsent(new Key(callback.channel(), ByteBuffer.wrap(callback.body())), callback.id());
        if (first == null) {
            verified.put(callback.id(), callback);
            return callback.id();
        }
        return first;
    }

    List<StoredCallback> of(PaymentId payment, int limit) {
        return verified.values().stream()
                .filter(c -> payment.equals(c.payment()))
                .limit(limit)
                .toList();
    }

    List<OrphanCallback> orphans(long after, int limit, Function<DiscrepancyId, Optional<StoredDiscrepancy>> open) {
        List<OrphanCallback> orphans = new ArrayList<>();
        for (StoredCallback callback : verified.tailMap(after, false).values()) {
            DiscrepancyId finding = findings.get(callback.id());
            if (finding != null && orphans.size() < limit) {
                open.apply(finding).ifPresent(d -> orphans.add(new OrphanCallback(callback, d)));
            }
        }
        return orphans;
    }

    void purge(PaymentId payment) {
        forget(of(payment, Integer.MAX_VALUE));
    }

    /** Deletes those without a payment whose retries are over; returns their number. */
    int purgeOrphans(int limit, Predicate<DiscrepancyId> over) {
        List<StoredCallback> old = verified.values().stream()
                .filter(c -> c.payment() == null && findings.containsKey(c.id()) && over.test(findings.get(c.id())))
                .limit(limit)
                .toList();
        forget(old);
        return old.size();
    }

    private void forget(List<StoredCallback> old) {
        for (StoredCallback callback : old) {
            verified.remove(callback.id());
            findings.remove(callback.id());
            ids.values().remove(callback.id());
        }
    }

    int storeUnverified(StoredCallback callback, String group, int keep) {
        ArrayDeque<StoredCallback> last = unverified.computeIfAbsent(callback.channel(), c -> new ArrayDeque<>());
        last.addFirst(callback);
        groups.put(callback.id(), group);
        while (last.size() > keep) {
            Map<String, Long> sizes =
                    last.stream().collect(Collectors.groupingBy(c -> groups.get(c.id()), Collectors.counting()));
            long largest = Collections.max(sizes.values());
            StoredCallback oldest = last.reversed().stream()
                    .filter(c -> sizes.get(groups.get(c.id())) == largest)
                    .findFirst()
                    .orElseThrow();
            last.remove(oldest);
            groups.remove(oldest.id());
        }
        return last.size();
    }

    List<StoredCallback> unverified(String channel, long before, int limit) {
        return unverified.getOrDefault(channel, new ArrayDeque<>()).stream()
                .filter(c -> c.id() < before)
                .limit(limit)
                .toList();
    }
}
