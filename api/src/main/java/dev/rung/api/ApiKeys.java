package dev.rung.api;

import dev.rung.core.model.Ids;
import dev.rung.core.model.Role;
import dev.rung.core.port.KeyStore;
import dev.rung.core.port.StoreException;
import dev.rung.web.Authenticator;
import dev.rung.web.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates callers by API key. Only SHA-256 digests of keys are stored and compared. Thread-safe.
 *
 * <p>Keys are cached, so one that was revoked on another server stays valid here for up to {@value #CACHED_SECONDS} s. {@link #run} writes
 * when keys were last used.
 */
public final class ApiKeys implements Authenticator, Runnable {
    /** The time between two calls of {@link #run}. */
    public static final Duration WRITE_EVERY = Duration.ofSeconds(1);

    private static final int PREFIX_LENGTH = "rung_xk_".length();
    private static final int RANDOM_BYTES = 32;
    private static final int KEY_LENGTH = PREFIX_LENGTH + 43;
    private static final int CACHED_SECONDS = 1;
    private static final long CACHED_MILLIS = Duration.ofSeconds(CACHED_SECONDS).toMillis();
    private static final int CACHED_MAX = 10_000;
    private static final int HINT_LENGTH = 4;

    private final KeyStore store;
    private final InstantSource clock;
    private final SecureRandom random;
    /** The keys of the settings, by digest. */
    private final Map<String, KeyStore.Key> fromSettings = new ConcurrentHashMap<>();

    private final Map<String, Cached> byDigest = new ConcurrentHashMap<>();
    private final Map<Long, Cached> byId = new ConcurrentHashMap<>();
    private final Map<Long, Long> used = new ConcurrentHashMap<>();

    /** A cached key. */
    private record Cached(KeyStore.Key key, long until) {}

    /**
     * @param operator the key of {@code --api-key}
     * @param viewer the key of {@code --viewer-key}; null if there is none
     * @throws StoreException if the store is unavailable
     */
    public ApiKeys(
            String operator,
            @Nullable String viewer,
            KeyStore store,
            Ids ids,
            InstantSource clock,
            SecureRandom random) {
        this.store = store;
        this.clock = clock;
        this.random = random;
        adopt(operator, Role.OPERATOR, ids);
        if (viewer != null) {
            adopt(viewer, Role.VIEWER, ids);
        }
    }

    private void adopt(String secret, Role role, Ids ids) {
        KeyStore.Key key = new KeyStore.Key(
                ids.next(),
                role.text(),
                role,
                null,
                digest(secret),
                hint(secret),
                true,
                clock.millis(),
                null,
                null,
                null);
        fromSettings.put(name(key.digest()), store.adopt(key));
    }

    @Override
    public @Nullable Caller callerOf(String key) {
        byte[] digest = digest(key);
        String name = name(digest);
        KeyStore.Key setting = fromSettings.get(name);
        if (setting == null && key.length() != KEY_LENGTH) {
            return null;
        }
        return caller(cached(byDigest, name, () -> store.find(digest), setting));
    }

    /**
     * The caller with this key, as long as the key is valid.
     *
     * @param id the key's id
     */
    public @Nullable Caller callerWithKey(long id) {
        KeyStore.Key setting = fromSettings.values().stream()
                .filter(key -> key.id() == id)
                .findFirst()
                .orElse(null);
        return caller(cached(byId, id, () -> store.find(id), setting));
    }

    /** Whether the key of this caller is still valid. */
    public boolean isValid(Caller caller) {
        return callerWithKey(Ids.parse(Caller.KEY_PREFIX, caller.id())) != null;
    }

    /**
     * A key from the cache or the store.
     *
     * @param setting the same key if a setting contains it; taken if another server, started with another setting, has replaced the row, and
     *     while the store is unavailable
     */
    private <K> KeyStore.@Nullable Key cached(
            Map<K, Cached> cache, K name, Supplier<Optional<KeyStore.Key>> find, KeyStore.@Nullable Key setting) {
        long now = clock.millis();
        Cached known = cache.get(name);
        if (known != null && now < known.until()) {
            return known.key();
        }
        KeyStore.Key found;
        try {
            found = find.get().orElse(setting);
        } catch (StoreException e) {
            if (setting == null) {
                throw e;
            }
            return known == null ? setting : known.key();
        }
        if (found == null) {
            cache.remove(name);
            return null;
        }
        if (cache.size() >= CACHED_MAX) {
            cache.clear();
        }
        cache.put(name, new Cached(found, now + CACHED_MILLIS));
        return found;
    }

    private @Nullable Caller caller(KeyStore.@Nullable Key key) {
        long now = clock.millis();
        if (key == null || !key.isValid(now) || key.fromSetting() && !fromSettings.containsKey(name(key.digest()))) {
            return null;
        }
        if (key.lastUsedAt() == null || now - key.lastUsedAt() >= KeyStore.USE_INTERVAL.toMillis()) {
            used.putIfAbsent(key.id(), now);
        }
        String id = Ids.text(Caller.KEY_PREFIX, key.id());
        return new Caller(key.role(), id, key.name() == null ? id : key.name(), key.merchant());
    }

    /** Writes when keys were last used. */
    @Override
    public void run() {
        used.forEach((id, at) -> {
            store.markUsed(id, at);
            used.remove(id);
        });
    }

    /** Clears the cache after a key was revoked here. */
    void forget() {
        byDigest.clear();
        byId.clear();
    }

    /** Generates a key. */
    String draw(Role role) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return switch (role) {
                    case OPERATOR -> "rung_ok_";
                    case VIEWER -> "rung_vk_";
                    case INTAKE -> "rung_ik_";
                    case MERCHANT_VIEW, MERCHANT_MANAGE -> "rung_mk_";
                }
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The end of a key, by which people recognize it. */
    static String hint(String key) {
        return key.length() <= 2 * HINT_LENGTH ? "" : key.substring(key.length() - HINT_LENGTH);
    }

    private static String name(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
