package dev.rung.core.flow;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.Receiver;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.StoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The merchants and ladders of a process, at most a second old, so that neither intake nor an attempt needs to read them from the
 * store: read on first use, and refreshed by the engine from the store's list of changes. Thread-safe; holds the {@value #SIZE_MAX}
 * most recently used merchants.
 */
public final class MerchantCache {
    private static final int SIZE_MAX = 20_000;
    private static final int CHANGES = 500;

    private final MerchantStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<MerchantId, Merchant> known = new LinkedHashMap<>(256, 0.75f, true);
    private volatile Map<String, Ladder> ladders = Map.of();
    /** How far the changes of each part of the store have been read. */
    private final List<Part> parts;

    public MerchantCache(MerchantStore store) {
        this.store = store;
        this.parts = store.parts().stream().map(Part::new).toList();
    }

    /** To be called once, before any other method: changes from now on are seen by {@link #refresh}. */
    public void start() {
        parts.forEach(Part::start);
        ladders = store.ladders();
    }

    /** The merchant, unless it is deleted. */
    public Optional<Merchant> find(MerchantId id) {
        return Optional.ofNullable(get(id)).filter(merchant -> !merchant.isDeleted());
    }

    /** The merchant, deleted or not; null if there has never been one. */
    @Nullable Merchant get(MerchantId id) {
        lock.lock();
        try {
            Merchant merchant = known.get(id);
            if (merchant != null) {
                return merchant;
            }
        } finally {
            lock.unlock();
        }
        return reload(id);
    }

    /** Reads a merchant from the store, because it was changed here. */
    @Nullable Merchant reload(MerchantId id) {
        return store.find(id).map(this::update).orElse(null);
    }

    /** Takes a merchant that was just stored or read; returns the newer of it and the cached one. */
    public Merchant update(Merchant read) {
        lock.lock();
        try {
            Merchant newest = known.merge(read.id(), read, (a, b) -> a.version() > b.version() ? a : b);
            if (known.size() > SIZE_MAX) {
                known.pollFirstEntry();
            }
            return newest;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads the merchants changed since the last call by any process, and passes each to {@code onChange}. Called by one thread at a time. A part of the
     * store that fails does not keep the others from being read.
     */
    void refresh(Consumer<Merchant> onChange) {
        @Nullable StoreException failure = null;
        for (Part part : parts) {
            try {
                part.refresh(onChange);
            } catch (StoreException e) {
                failure = e;
            }
        }
        ladders = store.ladders();
        if (failure != null) {
            throw failure;
        }
    }

    /** A part of the store, and how far its changes have been read. */
    private final class Part {
        private final MerchantStore store;
        private long version;

        Part(MerchantStore store) {
            this.store = store;
        }

        void start() {
            version = store.version();
        }

        void refresh(Consumer<Merchant> onChange) {
            List<Merchant> changed;
            do {
                changed = store.changedSince(version, CHANGES);
                for (Merchant merchant : changed) {
                    version = Math.max(version, merchant.version());
                    onChange.accept(update(merchant));
                }
            } while (changed.size() == CHANGES);
        }
    }

    /** The longest {@link Receiver#timeout} of all receivers. Blocks for the store. */
    Duration longestTimeout() {
        return store.longestTimeout();
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

    /** The ladder of a choice that was checked. */
    Ladder ladder(LadderChoice choice) {
        return switch (choice) {
            case LadderChoice.Inline(Ladder steps) -> steps;
            case LadderChoice.Named(String name) ->
                Objects.requireNonNull(
                        ladder(name), "a receiver's ladder is saved before it is named, and never deleted");
        };
    }

    /** A preset or saved ladder; null if there is none of this name. */
    public @Nullable Ladder ladder(String name) {
        Ladder preset = Ladder.presets().get(name);
        Ladder found = preset == null ? ladders.get(name) : preset;
        if (found != null) {
            return found;
        }
        // Another server may just have saved it.
        Map<String, Ladder> read = store.ladders();
        ladders = read;
        return read.get(name);
    }

    /** The saved ladders, by name. */
    public Map<String, Ladder> savedLadders() {
        return ladders;
    }

    /** Takes a ladder that was just stored. */
    public synchronized void update(String name, Ladder ladder) {
        Map<String, Ladder> next = new TreeMap<>(ladders);
        next.put(name, ladder);
        ladders = next;
    }
}
