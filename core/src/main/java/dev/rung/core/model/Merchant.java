package dev.rung.core.model;

/**
 * A merchant, and the receiver of its notifications.
 *
 * @param version rises with every change, so that caches can tell
 */
public record Merchant(MerchantId id, String name, Receiver receiver, long createdAt, long version) {

    public Merchant withName(String newName) {
        return new Merchant(id, newName, receiver, createdAt, version);
    }

    /** The same merchant, notified otherwise. */
    public Merchant withReceiver(Receiver newReceiver) {
        return new Merchant(id, name, newReceiver, createdAt, version);
    }

    /** The same merchant, paused or not. */
    public Merchant withPaused(boolean nowPaused) {
        return withReceiver(receiver.withPaused(nowPaused));
    }

    /** The same merchant with this version, which the store sets. */
    public Merchant withVersion(long newVersion) {
        return new Merchant(id, name, receiver, createdAt, newVersion);
    }
}
