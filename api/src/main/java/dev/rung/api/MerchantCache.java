package dev.rung.api;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MerchantStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Merchants and ladders as they were at most a second ago, so that taking in a notification asks the store for nothing. Thread-safe;
 * {@link #refresh} is called once a second.
 */
public final class MerchantCache {
    private static final int KNOWN_MAX = 20_000;
    private static final int CHANGES = 500;

    private final MerchantStore store;
    private final ConcurrentHashMap<MerchantId, Merchant> merchants = new ConcurrentHashMap<>();
    private volatile @Nullable Map<String, Ladder> saved;
    private long version;

    public MerchantCache(MerchantStore store) {
        this.store = store;
    }

    /** Reads what was changed since the last time, here or elsewhere. */
    public synchronized void refresh() {
        List<Merchant> changed;
        do {
            changed = store.changedSince(version, CHANGES);
            for (Merchant merchant : changed) {
                version = Math.max(version, merchant.version());
                merchants.computeIfPresent(merchant.id(), (id, known) -> newer(known, merchant));
            }
        } while (changed.size() == CHANGES);
        saved = store.ladders();
    }

    /** Begins at the present: what is not known yet is read when it is asked for. */
    public synchronized void start() {
        version = store.version();
        saved = store.ladders();
    }

    public Optional<Merchant> find(MerchantId id) {
        Merchant known = merchants.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Merchant> read = store.find(id);
        read.ifPresent(this::keep);
        return read;
    }

    /** Notes a merchant as it was just stored. */
    void keep(Merchant merchant) {
        if (merchants.size() >= KNOWN_MAX) {
            merchants.clear(); // reading them again is cheap, and no list of who was used last need be kept
        }
        merchants.merge(merchant.id(), merchant, MerchantCache::newer);
    }

    private static Merchant newer(Merchant a, Merchant b) {
        return a.version() > b.version() ? a : b;
    }

    public @Nullable Ladder ladder(String name) {
        Ladder preset = Ladder.presets().get(name);
        if (preset != null) {
            return preset;
        }
        Ladder known = saved().get(name);
        if (known != null) {
            return known;
        }
        // It may have been saved elsewhere a moment ago.
        Map<String, Ladder> read = store.ladders();
        saved = read;
        return read.get(name);
    }

    /** Ladders that operators saved, by name. */
    public Map<String, Ladder> saved() {
        Map<String, Ladder> known = saved;
        return known == null ? store.ladders() : known;
    }

    /** Notes a ladder as it was just stored. */
    synchronized void keep(String name, Ladder ladder) {
        Map<String, Ladder> next = new TreeMap<>(saved());
        next.put(name, ladder);
        saved = next;
    }
}
