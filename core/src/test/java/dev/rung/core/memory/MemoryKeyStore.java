package dev.rung.core.memory;

import dev.rung.core.model.MerchantId;
import dev.rung.core.port.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An in-memory key store. Thread-safe: one lock. */
public final class MemoryKeyStore implements KeyStore {
    private final NavigableMap<Long, Key> keys = new TreeMap<>();

    @Override
    public synchronized void insert(Key key) {
        keys.put(key.id(), key);
    }

    @Override
    public synchronized Key adopt(Key key) {
        return find(key.digest()).orElseGet(() -> {
            keys.values().removeIf(k -> k.fromSetting() && k.revokedAt() == null && k.role() == key.role());
            insert(key);
            return key;
        });
    }

    @Override
    public synchronized List<Key> list(@Nullable MerchantId merchant) {
        return keys.values().stream()
                .filter(k -> Objects.equals(k.merchant(), merchant) && k.revokedAt() == null)
                .toList();
    }

    @Override
    public synchronized Optional<Key> find(byte[] digest) {
        return keys.values().stream()
                .filter(k -> Arrays.equals(k.digest(), digest))
                .findFirst();
    }

    @Override
    public synchronized Optional<Key> find(long id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public synchronized boolean revoke(@Nullable MerchantId merchant, long id, long at) {
        Key key = keys.get(id);
        if (key == null || key.revokedAt() != null || !Objects.equals(key.merchant(), merchant)) {
            return false;
        }
        keys.remove(id);
        if (key.fromSetting()) {
            insert(changed(key, key.lastUsedAt(), at));
        }
        return true;
    }

    @Override
    public synchronized void markUsed(long id, long at) {
        keys.computeIfPresent(
                id,
                (_, key) -> key.lastUsedAt() != null && at - key.lastUsedAt() < USE_INTERVAL.toMillis()
                        ? key
                        : changed(key, at, key.revokedAt()));
    }

    private static Key changed(Key key, @Nullable Long lastUsedAt, @Nullable Long revokedAt) {
        return new Key(
                key.id(),
                key.name(),
                key.role(),
                key.merchant(),
                key.digest(),
                key.hint(),
                key.fromSetting(),
                key.createdAt(),
                key.expiresAt(),
                lastUsedAt,
                revokedAt);
    }
}
