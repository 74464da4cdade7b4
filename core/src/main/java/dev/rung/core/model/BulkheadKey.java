package dev.rung.core.model;

/** Identifies the bulkhead of a delivery: by the receiver that is notified, or by the channel account that is queried; alerts have one too. */
public sealed interface BulkheadKey extends Comparable<BulkheadKey> {
    /** Attempts go to this receiver. */
    record OfReceiver(ReceiverId receiver) implements BulkheadKey {}

    /** Queries go to this channel account, on behalf of any merchant. */
    record OfChannel(String channel) implements BulkheadKey {}

    /** The bulkhead of a merchant's own URL. */
    static BulkheadKey own(MerchantId merchant) {
        return new OfReceiver(ReceiverId.own(merchant));
    }

    /** Receivers by id, then channel accounts by name. */
    @Override
    default int compareTo(BulkheadKey other) {
        return switch (this) {
            case OfReceiver(ReceiverId receiver) ->
                other instanceof OfReceiver(ReceiverId theirs) ? receiver.compareTo(theirs) : -1;
            case OfChannel(String channel) -> other instanceof OfChannel(String theirs) ? channel.compareTo(theirs) : 1;
        };
    }
}
