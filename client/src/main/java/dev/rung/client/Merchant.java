package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A merchant with its settings.
 *
 * @param state {@code active} or {@code paused}
 * @param signingSecret {@code whsec_…}; only in the response that created it
 * @param publicKey verifies signatures, if signing is asymmetric
 * @param previousKeyUntil end of the old key's validity during a rotation; else null
 * @param health only in the response for one merchant
 */
public record Merchant(
        String id,
        String name,
        @Nullable String notifyUrl,
        Ladder ladder,
        Acknowledge acknowledge,
        Signing signing,
        int maxInFlight,
        String state,
        Instant createdAt,
        @Nullable String signingSecret,
        @Nullable String publicKey,
        @Nullable Instant previousKeyUntil,
        @Nullable Health health) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "Merchant[" + id + ", " + name + "]";
    }

    static Merchant read(JsonObject json) {
        return new Merchant(
                json.text("id"),
                json.text("name"),
                json.optionalText("notify_url"),
                json.ladder("ladder"),
                json.constant("acknowledge", Acknowledge.class),
                json.constant("signing", Signing.class),
                json.integer("max_in_flight"),
                json.text("state"),
                json.time("created_at"),
                json.optionalText("signing_secret"),
                json.optionalText("public_key"),
                json.optionalTime("previous_key_until"),
                json.optionalObject("health", Health::read));
    }

    /**
     * How deliveries to the merchant go, on the server that answered.
     *
     * @param standing such as {@code good}, {@code slow}, {@code failing} or {@code not_answering}
     * @param limit the maximum of attempts in flight, at present
     * @param waiting attempts that are held back
     */
    public record Health(String standing, int inFlight, int limit, int waiting) {
        static Health read(JsonObject json) {
            return new Health(
                    json.text("standing"), json.integer("in_flight"), json.integer("limit"), json.integer("waiting"));
        }
    }
}
