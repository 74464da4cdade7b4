package dev.rung.payments.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The merchant that a service provider (服务商) takes a payment for, as the channel knows it. It stays with the payment: queries and refunds need the one that
 * the order was placed for.
 *
 * @param mchId its number at the channel
 * @param appId its app; null: the service provider's
 */
public record SubMerchant(String mchId, @Nullable String appId) {
    /** As it is stored. */
    public String text() {
        return appId == null ? mchId : mchId + " " + appId;
    }

    public static @Nullable SubMerchant parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        List<String> parts = List.of(text.split(" ", 2));
        return new SubMerchant(parts.getFirst(), parts.size() == 1 ? null : parts.getLast());
    }
}
