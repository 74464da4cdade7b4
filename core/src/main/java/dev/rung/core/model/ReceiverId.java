package dev.rung.core.model;

import org.jspecify.annotations.Nullable;

/**
 * Identifies a receiver: a merchant's own URL, or one of its endpoints.
 *
 * @param endpoint null: the merchant's own URL
 */
public record ReceiverId(MerchantId merchant, @Nullable EndpointId endpoint) implements Comparable<ReceiverId> {

    /** A merchant's own URL. */
    public static ReceiverId own(MerchantId merchant) {
        return new ReceiverId(merchant, null);
    }

    /** The inverse of {@link #endpointCode}. */
    public static ReceiverId ofCodes(long merchant, long endpoint) {
        return new ReceiverId(new MerchantId(merchant), endpoint == 0 ? null : new EndpointId(endpoint));
    }

    /** The endpoint's id as it is stored; 0: the merchant's own URL. */
    public long endpointCode() {
        return endpoint == null ? 0 : endpoint.value();
    }

    /** By merchant, its own URL first. */
    @Override
    public int compareTo(ReceiverId other) {
        int byMerchant = merchant.compareTo(other.merchant);
        return byMerchant != 0 ? byMerchant : Long.compare(endpointCode(), other.endpointCode());
    }

    /** The merchant's or the endpoint's id. */
    @Override
    public String toString() {
        return endpoint == null ? merchant.toString() : endpoint.toString();
    }
}
