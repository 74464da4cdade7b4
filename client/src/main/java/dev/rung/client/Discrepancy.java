package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A discrepancy between Rung and a channel.
 *
 * @param kind such as {@code paid_after_close}
 * @param subject unique per kind and channel
 * @param state {@code open} or {@code resolved}
 * @param approval what waits for another person's approval; null if nothing does
 * @param resolution null while it is open
 */
public record Discrepancy(
        String id,
        String kind,
        String channel,
        String subject,
        @Nullable String paymentId,
        String detail,
        String state,
        Instant createdAt,
        @Nullable Approval approval,
        @Nullable Resolution resolution) {

    /**
     * A request that waits.
     *
     * @param accept {@code channel} or {@code refund}
     */
    public record Approval(String accept, String note, String requestedBy, Instant requestedAt) {}

    /** How it was resolved, by which key, and when. */
    public record Resolution(String note, String by, Instant at) {}

    static Discrepancy read(JsonObject json) {
        return new Discrepancy(
                json.text("id"),
                json.text("kind"),
                json.text("channel"),
                json.text("subject"),
                json.optionalText("payment_id"),
                json.text("detail"),
                json.text("state"),
                json.time("created_at"),
                json.optionalObject(
                        "approval",
                        a -> new Approval(
                                a.text("accept"), a.text("note"), a.text("requested_by"), a.time("requested_at"))),
                json.optionalObject("resolution", r -> new Resolution(r.text("note"), r.text("by"), r.time("at"))));
    }
}
