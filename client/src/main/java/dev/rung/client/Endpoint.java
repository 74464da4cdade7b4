package dev.rung.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A further receiver of a merchant's notifications.
 *
 * @param events event types; a {@code *} at the end matches any suffix
 * @param state {@code active} or {@code paused}
 * @param signingSecret {@code whsec_…}; only in the response that created it
 * @param publicKey verifies signatures, if signing is asymmetric
 * @param previousKeyUntil end of the old key's validity during a rotation; else null
 * @param health only in the response for one endpoint
 */
public record Endpoint(
        String id,
        String merchantId,
        String name,
        String url,
        List<String> events,
        Ladder ladder,
        Acknowledge acknowledge,
        Signing signing,
        int maxInFlight,
        String state,
        Instant createdAt,
        @Nullable String signingSecret,
        @Nullable String publicKey,
        @Nullable Instant previousKeyUntil,
        Merchant.@Nullable Health health) {

    public Endpoint {
        events = List.copyOf(events);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Endpoint[" + id + ", " + name + "]";
    }

    static Endpoint read(JsonObject json) {
        return new Endpoint(
                json.text("id"),
                json.text("merchant_id"),
                json.text("name"),
                json.text("url"),
                json.texts("events"),
                json.ladder("ladder"),
                json.constant("acknowledge", Acknowledge.class),
                json.constant("signing", Signing.class),
                json.integer("max_in_flight"),
                json.text("state"),
                json.time("created_at"),
                json.optionalText("signing_secret"),
                json.optionalText("public_key"),
                json.optionalTime("previous_key_until"),
                json.optionalObject("health", Merchant.Health::read));
    }
}
