package dev.rung.core.port;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * API keys of the server and of merchants, as digests. Thread-safe; every method is one transaction.
 *
 * <p>The keys of the settings ({@code --api-key}, {@code --viewer-key}) have rows too, so that they are listed and can be revoked.
 */
public interface KeyStore {
    /** The least time between two changes of {@link Key#lastUsedAt}. */
    Duration USE_INTERVAL = Duration.ofMinutes(1);

    /** Adds a key. */
    void insert(Key key);

    /**
     * Adds the key of a setting unless its digest is known, and then deletes the unrevoked earlier keys of the same setting.
     *
     * @param key with {@link Key#fromSetting}
     * @return the key with this digest
     */
    Key adopt(Key key);

    /** The keys of a merchant, or those of the server (null), oldest first, without revoked ones. */
    List<Key> list(@Nullable MerchantId merchant);

    /** The key with this digest, even if it is revoked or has expired. */
    Optional<Key> find(byte[] digest);

    /** The key with this id, even if it is revoked or has expired. */
    Optional<Key> find(long id);

    /**
     * Revokes a key. The row of a setting's key stays, so that the key is not added again at the next start; others are deleted.
     *
     * @param merchant its owner; null for a key of the server
     * @param at epoch milliseconds
     * @return false if this owner has no such key, or it is revoked already
     */
    boolean revoke(@Nullable MerchantId merchant, long id, long at);

    /** Sets {@link Key#lastUsedAt}, unless it was set to a time less than {@link #USE_INTERVAL} before. */
    void markUsed(long id, long at);

    /**
     * An API key.
     *
     * @param name null for keys of merchants
     * @param merchant null for keys of the server
     * @param digest SHA-256 of the key
     * @param hint its last four characters, which distinguish keys in lists
     * @param fromSetting whether a setting contains the key
     * @param expiresAt null if it does not expire
     * @param lastUsedAt approximate; null if it was never used
     * @param revokedAt only of a setting's key; null if it is not revoked
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by the store only
    record Key(
            long id,
            @Nullable String name,
            Role role,
            @Nullable MerchantId merchant,
            byte[] digest,
            String hint,
            boolean fromSetting,
            long createdAt,
            @Nullable Long expiresAt,
            @Nullable Long lastUsedAt,
            @Nullable Long revokedAt) {

        /** Whether it is neither revoked nor expired. */
        public boolean isValid(long now) {
            return revokedAt == null && (expiresAt == null || now < expiresAt);
        }
    }
}
