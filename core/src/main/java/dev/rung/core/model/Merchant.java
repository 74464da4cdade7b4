package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * A receiver of notifications.
 *
 * @param ladder the default for its notifications
 * @param maxInFlight limit of its attempts in flight, per process
 * @param version rises with every change, so that caches detect changes
 */
public record Merchant(
        MerchantId id,
        String name,
        @Nullable String notifyUrl,
        LadderChoice ladder,
        Acknowledgement acknowledge,
        Keys keys,
        int maxInFlight,
        boolean paused,
        long createdAt,
        long version) {

    public static final int MAX_IN_FLIGHT_DEFAULT = 32;

    /** The same merchant, paused or not. */
    public Merchant withPaused(boolean nowPaused) {
        return new Merchant(id, name, notifyUrl, ladder, acknowledge, keys, maxInFlight, nowPaused, createdAt, version);
    }

    /** The same merchant with these keys. */
    public Merchant withKeys(Keys newKeys) {
        return new Merchant(id, name, notifyUrl, ladder, acknowledge, newKeys, maxInFlight, paused, createdAt, version);
    }

    /** The same merchant with this version, which the store sets. */
    public Merchant withVersion(long newVersion) {
        return new Merchant(id, name, notifyUrl, ladder, acknowledge, keys, maxInFlight, paused, createdAt, newVersion);
    }

    /**
     * The keys that sign this merchant's notifications.
     *
     * @param current the signing key, encrypted with the master key
     * @param publicKey verifies asymmetric signatures, base64; null for HMAC
     * @param previous the key before a rotation, encrypted; also signs until {@code previousUntil}
     * @param previousUntil epoch milliseconds
     */
    @SuppressWarnings("ArrayRecordComponent") // encrypted; passed from store to decryption, never compared
    public record Keys(
            Signing signing,
            byte[] current,
            @Nullable String publicKey,
            byte @Nullable [] previous,
            @Nullable Long previousUntil) {
        @Override
        public String toString() {
            return "Keys[" + signing.text() + "]";
        }
    }
}
