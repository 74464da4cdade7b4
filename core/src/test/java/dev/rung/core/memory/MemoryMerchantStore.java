package dev.rung.core.memory;

import dev.rung.core.model.Endpoint;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.StoreException;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An in-memory merchant store. Thread-safe: one lock. */
public final class MemoryMerchantStore implements MerchantStore {
    private final NavigableMap<MerchantId, Merchant> merchants = new TreeMap<>();
    private final SortedMap<String, Ladder> ladders = new TreeMap<>();
    private long version;

    @Override
    public synchronized Merchant insert(Merchant merchant) {
        if (merchants.containsKey(merchant.id())) {
            throw StoreException.idTaken(new IllegalStateException(merchant.id() + " is taken"));
        }
        return put(merchant);
    }

    private Merchant put(Merchant m) {
        for (Endpoint endpoint : m.endpoints()) {
            if (merchants.values().stream()
                    .anyMatch(other -> !other.id().equals(m.id())
                            && other.endpoint(endpoint.id()).isPresent())) {
                throw StoreException.idTaken(new IllegalStateException(endpoint.id() + " is taken"));
            }
        }
        Merchant stored = m.withVersion(++version);
        merchants.put(stored.id(), stored);
        return stored;
    }

    @Override
    public synchronized Optional<Merchant> find(MerchantId id) {
        return Optional.ofNullable(merchants.get(id));
    }

    @Override
    public synchronized Optional<Merchant> update(MerchantId id, UnaryOperator<Merchant> change) {
        return find(id).map(before -> put(change.apply(before)));
    }

    @Override
    public synchronized List<Merchant> list(@Nullable MerchantId before, int limit) {
        return (before == null ? merchants : merchants.headMap(before, false))
                .descendingMap().values().stream()
                        .filter(m -> !m.isDeleted())
                        .limit(limit)
                        .toList();
    }

    @Override
    public synchronized List<Merchant> changedSince(long version, int limit) {
        return merchants.values().stream()
                .filter(m -> m.version() > version)
                .sorted(Comparator.comparingLong(Merchant::version))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Duration longestTimeout() {
        return merchants.values().stream()
                .flatMap(m -> Stream.concat(
                        Stream.of(m.receiver()), m.endpoints().stream().map(Endpoint::receiver)))
                .map(Receiver::timeout)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    @Override
    public synchronized long version() {
        return version;
    }

    @Override
    public synchronized SortedMap<String, Ladder> ladders() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(ladders));
    }

    @Override
    public synchronized void putLadder(String name, Ladder ladder) {
        ladders.put(name, ladder);
    }
}
