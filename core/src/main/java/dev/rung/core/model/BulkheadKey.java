package dev.rung.core.model;

/** Identifies the bulkhead of a delivery: by the merchant that is notified, or by the channel account that is queried. */
public sealed interface BulkheadKey extends Comparable<BulkheadKey> {
    /** Attempts go to this merchant. */
    record OfMerchant(MerchantId merchant) implements BulkheadKey {}

    /** Queries go to this channel account, on behalf of any merchant. */
    record OfChannel(String channel) implements BulkheadKey {}

    /** Merchants by id, then channel accounts by name. */
    @Override
    default int compareTo(BulkheadKey other) {
        return switch (this) {
            case OfMerchant(MerchantId merchant) ->
                other instanceof OfMerchant(MerchantId theirs) ? merchant.compareTo(theirs) : -1;
            case OfChannel(String channel) -> other instanceof OfChannel(String theirs) ? channel.compareTo(theirs) : 1;
        };
    }
}
