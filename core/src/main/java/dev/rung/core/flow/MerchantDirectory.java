package dev.rung.core.flow;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MerchantStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cache of merchants and ladders that is at most a second old: read on first use, refreshed from the store's list of changes. Thread-safe; holds the
 * {@value #SIZE_MAX} most recently used merchants.
 */
final class MerchantDirectory {
    private static final int SIZE_MAX = 20_000;
    private static final int CHANGES = 500;

    private final MerchantStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<MerchantId, Merchant> known = new LinkedHashMap<>(256, 0.75f, true);
    private volatile Map<String, Ladder> ladders = Map.of();
    private long version;

    MerchantDirectory(MerchantStore store) {
        this.store = store;
    }

    /** Changes from now on are seen by {@link #refresh}. */
    void start() {
        version = store.version();
        ladders = store.ladders();
    }

    /** The steps of a ladder; the default ones if it is not known, which cannot be: ladders are never deleted. */
    Ladder ladder(LadderChoice choice) {
        return switch (choice) {
            case LadderChoice.Inline(Ladder steps) -> steps;
            case LadderChoice.Named(String name) -> named(name);
        };
    }

    private Ladder named(String name) {
        Ladder preset = Ladder.presets().get(name);
        Ladder known = preset == null ? ladders.get(name) : preset;
        if (known != null) {
            return known;
        }
        // Another server may just have saved it.
        ladders = store.ladders();
        return Objects.requireNonNull(ladders.get(name), "a receiver's ladder is saved before it is named");
    }

    @Nullable Merchant find(MerchantId id) {
        lock.lock();
        try {
            Merchant merchant = known.get(id);
            if (merchant != null) {
                return merchant;
            }
        } finally {
            lock.unlock();
        }
        Merchant read = store.find(id).orElse(null);
        return read == null ? null : keep(read);
    }

    /** Reads a merchant again, because it was changed here. */
    @Nullable Merchant reload(MerchantId id) {
        return store.find(id).map(this::keep).orElse(null);
    }

    /** Reads the merchants changed since the last call by any process, and passes each to {@code onChange}. Called by one thread at a time. */
    void refresh(Consumer<Merchant> onChange) {
        List<Merchant> changed;
        do {
            changed = store.changedSince(version, CHANGES);
            for (Merchant merchant : changed) {
                version = Math.max(version, merchant.version());
                onChange.accept(keep(merchant));
            }
        } while (changed.size() == CHANGES);
        ladders = store.ladders();
    }

    /** Keeps the newer of the cached and the read version. */
    private Merchant keep(Merchant read) {
        lock.lock();
        try {
            Merchant newest = known.merge(read.id(), read, (a, b) -> a.version() > b.version() ? a : b);
            if (known.size() > SIZE_MAX) {
                Map.Entry<MerchantId, Merchant> eldest = known.firstEntry();
                known.remove(eldest.getKey());
            }
            return newest;
        } finally {
            lock.unlock();
        }
    }
}
