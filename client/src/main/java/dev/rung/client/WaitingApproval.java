package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the approval of another key or person than the one that asked: a refund, or the settlement of a discrepancy.
 *
 * @param requestedBy the owner of the key, or the person, that asked
 * @param refund null if it is a discrepancy
 * @param discrepancy null if it is a refund
 */
public record WaitingApproval(
        String requestedBy,
        Instant requestedAt,
        @Nullable Refund refund,
        @Nullable Discrepancy discrepancy) {

    static WaitingApproval read(JsonObject json) {
        return new WaitingApproval(
                json.text("requested_by"),
                json.time("requested_at"),
                json.optionalObject("refund", Refund::read),
                json.optionalObject("discrepancy", Discrepancy::read));
    }
}
