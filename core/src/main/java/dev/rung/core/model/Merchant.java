package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * Who is notified, where and how.
 *
 * @param ladder a ladder's name, or its compact form when the merchant has one of its own
 * @param maxInFlight attempts to this merchant under way at once, in one process
 * @param version rises with every change, so that caches can tell
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

    /** The same merchant, its notifications held back or not. */
    public Merchant withPaused(boolean nowPaused) {
        return new Merchant(id, name, notifyUrl, ladder, acknowledge, keys, maxInFlight, nowPaused, createdAt, version);
    }

    /** The same merchant, signing otherwise. */
    public Merchant withKeys(Keys newKeys) {
        return new Merchant(id, name, notifyUrl, ladder, acknowledge, newKeys, maxInFlight, paused, createdAt, version);
    }

    /** The same merchant, as a store keeps it under this version. */
    public Merchant withVersion(long newVersion) {
        return new Merchant(id, name, notifyUrl, ladder, acknowledge, keys, maxInFlight, paused, createdAt, newVersion);
    }

    /**
     * What signs this merchant's notifications.
     *
     * @param current the signing key, sealed under the master key
     * @param publicKey what the merchant verifies with, where signing is asymmetric: base64
     * @param previous the key before a rotation, sealed; signs too until {@code previousUntil}
     */
    @SuppressWarnings("ArrayRecordComponent") // sealed bytes go from store to vault; nobody compares them
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
