package dev.rung.api;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.Receiver;
import dev.rung.core.port.MerchantStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache of merchants and ladders, at most a second old, so that intake needs no reads from the store. Thread-safe; {@link #refresh} is called
 * once a second.
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

    /** Reads the changes since the last refresh, made by any server. */
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

    /** Starts with an empty cache; entries are read on demand. */
    public synchronized void start() {
        version = store.version();
        saved = store.ladders();
    }

    /** The merchant, unless it is deleted. */
    public Optional<Merchant> find(MerchantId id) {
        Merchant known = merchants.get(id);
        if (known == null) {
            known = store.find(id).orElse(null);
            if (known == null) {
                return Optional.empty();
            }
            keep(known);
        }
        return known.isDeleted() ? Optional.empty() : Optional.of(known);
    }

    /** Where the next attempt of a notification goes, or where a settled one went; null if its receiver has no URL now. */
    public @Nullable String urlOf(NotificationDetail n) {
        String url = n.content().url();
        if (!n.content().ownUrl() && n.nextAttemptAt() != null) {
            return find(n.merchantId())
                    .map(m -> m.receiver(n.receiver()))
                    .map(Receiver::url)
                    .orElse(null);
        }
        return url.isEmpty() ? null : url;
    }

    /** Updates the cache with a merchant that was just stored. */
    void keep(Merchant merchant) {
        if (merchants.size() >= KNOWN_MAX) {
            merchants.clear(); // reading again is cheap, so no LRU order is kept
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
        // Another server may just have saved it.
        Map<String, Ladder> read = store.ladders();
        saved = read;
        return read.get(name);
    }

    /** Saved ladders, by name. */
    public Map<String, Ladder> saved() {
        Map<String, Ladder> known = saved;
        return known == null ? store.ladders() : known;
    }

    /** Updates the cache with a ladder that was just stored. */
    synchronized void keep(String name, Ladder ladder) {
        Map<String, Ladder> next = new TreeMap<>(saved());
        next.put(name, ladder);
        saved = next;
    }
}
