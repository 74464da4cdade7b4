package dev.rung.api;

import dev.rung.core.port.MerchantStore;
import dev.rung.web.Authenticator;
import dev.rung.web.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates callers by API key. Keys are compared by SHA-256 digest, in constant time; only digests are stored. Thread-safe.
 *
 * <p>A merchant key that was revoked on another server stays valid here for up to {@value #REMEMBERED_SECONDS} s.
 */
public final class ApiKeys implements Authenticator {
    private static final String MERCHANT_PREFIX = "rung_mk_";
    private static final int MERCHANT_LENGTH = MERCHANT_PREFIX.length() + 43;
    private static final int RANDOM_BYTES = 32;
    private static final int REMEMBERED_SECONDS = 2;
    private static final int REMEMBERED_MAX = 10_000;
    private static final long REMEMBERED_MILLIS =
            Duration.ofSeconds(REMEMBERED_SECONDS).toMillis();

    private final byte[] operator;
    private final byte @Nullable [] viewer;
    private final MerchantStore store;
    private final InstantSource clock;
    private final SecureRandom random;
    private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

    /** A cached merchant key. */
    private record Known(Caller caller, long until) {}

    public ApiKeys(
            String operatorKey,
            @Nullable String viewerKey,
            MerchantStore store,
            InstantSource clock,
            SecureRandom random) {
        this.operator = digest(operatorKey);
        this.viewer = viewerKey == null ? null : digest(viewerKey);
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public @Nullable Caller callerOf(String key) {
        byte[] digest = digest(key);
        if (MessageDigest.isEqual(digest, operator)) {
            return new Caller.Operator();
        }
        if (viewer != null && MessageDigest.isEqual(digest, viewer)) {
            return new Caller.Viewer();
        }
        return key.length() == MERCHANT_LENGTH && key.startsWith(MERCHANT_PREFIX) ? merchant(digest) : null;
    }

    private @Nullable Caller merchant(byte[] digest) {
        String name = Base64.getEncoder().encodeToString(digest);
        long now = clock.millis();
        Known remembered = known.get(name);
        if (remembered != null && now < remembered.until()) {
            return remembered.caller();
        }
        Optional<MerchantStore.Key> found = store.findKey(digest);
        if (found.isEmpty()) {
            known.remove(name);
            return null;
        }
        Caller caller =
                new Caller.OfMerchant(found.get().merchant(), found.get().id());
        if (known.size() >= REMEMBERED_MAX) {
            known.clear();
        }
        known.put(name, new Known(caller, now + REMEMBERED_MILLIS));
        return caller;
    }

    /** Clears the cache after a key was revoked here. */
    void forget() {
        known.clear();
    }

    /** Generates a merchant key. */
    String draw() {
        return MERCHANT_PREFIX + text();
    }

    private String text() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
