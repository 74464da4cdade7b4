package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What to set on a merchant, new or known; what is null is left to the default, or as it is. Built step by step: {@code
 * MerchantFields.named("Tea House").withNotifyUrl("https://…")}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MerchantFields(
        @Nullable String name,
        @Nullable String notifyUrl,
        @Nullable Ladder ladder,
        @Nullable Acknowledge acknowledge,
        @Nullable Signing signing,
        @Nullable Integer maxInFlight) {

    /** Nothing yet: for a change. */
    public static final MerchantFields NONE = new MerchantFields(null, null, null, null, null, null);

    /** A name, which is all that a new merchant needs. */
    public static MerchantFields named(String name) {
        return new MerchantFields(name, null, null, null, null, null);
    }

    public MerchantFields withName(String value) {
        return new MerchantFields(value, notifyUrl, ladder, acknowledge, signing, maxInFlight);
    }

    public MerchantFields withNotifyUrl(String value) {
        return new MerchantFields(name, value, ladder, acknowledge, signing, maxInFlight);
    }

    public MerchantFields withLadder(Ladder value) {
        return new MerchantFields(name, notifyUrl, value, acknowledge, signing, maxInFlight);
    }

    public MerchantFields withAcknowledge(Acknowledge value) {
        return new MerchantFields(name, notifyUrl, ladder, value, signing, maxInFlight);
    }

    public MerchantFields withSigning(Signing value) {
        return new MerchantFields(name, notifyUrl, ladder, acknowledge, value, maxInFlight);
    }

    public MerchantFields withMaxInFlight(int value) {
        return new MerchantFields(name, notifyUrl, ladder, acknowledge, signing, value);
    }
}
