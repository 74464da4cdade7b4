package dev.rung.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a new or updated merchant; null means the default, or no change. Built step by step: {@code
 * MerchantFields.named("Tea House").withNotifyUrl("https://…")}.
 */
public record MerchantFields(
        @Nullable String name,
        @Nullable String notifyUrl,
        @Nullable Ladder ladder,
        @Nullable Acknowledge acknowledge,
        @Nullable Signing signing,
        @Nullable Integer maxInFlight,
        @Nullable Duration timeout,
        @Nullable Double rate) {

    /** No fields, for an update. */
    public static final MerchantFields NONE = new MerchantFields(null, null, null, null, null, null, null, null);

    /** A name, the only required field of a new merchant. */
    public static MerchantFields named(String name) {
        return new MerchantFields(name, null, null, null, null, null, null, null);
    }

    public MerchantFields withName(String value) {
        return new MerchantFields(value, notifyUrl, ladder, acknowledge, signing, maxInFlight, timeout, rate);
    }

    public MerchantFields withNotifyUrl(String value) {
        return new MerchantFields(name, value, ladder, acknowledge, signing, maxInFlight, timeout, rate);
    }

    public MerchantFields withLadder(Ladder value) {
        return new MerchantFields(name, notifyUrl, value, acknowledge, signing, maxInFlight, timeout, rate);
    }

    public MerchantFields withAcknowledge(Acknowledge value) {
        return new MerchantFields(name, notifyUrl, ladder, value, signing, maxInFlight, timeout, rate);
    }

    public MerchantFields withSigning(Signing value) {
        return new MerchantFields(name, notifyUrl, ladder, acknowledge, value, maxInFlight, timeout, rate);
    }

    public MerchantFields withMaxInFlight(int value) {
        return new MerchantFields(name, notifyUrl, ladder, acknowledge, signing, value, timeout, rate);
    }

    /** The total time of one attempt: 1 to 30 seconds. */
    public MerchantFields withTimeout(Duration value) {
        return new MerchantFields(name, notifyUrl, ladder, acknowledge, signing, maxInFlight, value, rate);
    }

    /** Attempts a second, of all servers together. */
    public MerchantFields withRate(double value) {
        return new MerchantFields(name, notifyUrl, ladder, acknowledge, signing, maxInFlight, timeout, value);
    }

    String json() {
        return JsonWriter.object()
                .put("name", name)
                .put("notify_url", notifyUrl)
                .put("ladder", ladder)
                .put("acknowledge", acknowledge)
                .put("signing", signing)
                .put("max_in_flight", maxInFlight)
                .put("timeout", timeout)
                .put("rate", rate)
                .text();
    }
}
