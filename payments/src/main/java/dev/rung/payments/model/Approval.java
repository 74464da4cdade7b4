package dev.rung.payments.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The approval of a refund by a person other than the requester.
 *
 * @param requestedBy the name of the key or person that asked
 * @param requestedById the id of the same
 * @param approvedBy null while it waits
 * @param approvedAt null while it waits
 */
public record Approval(
        String requestedBy,
        String requestedById,
        @Nullable String approvedBy,
        @Nullable Instant approvedAt) {

    /** One that waits. */
    public static Approval requested(Approver by) {
        return new Approval(by.name(), by.id(), null, null);
    }

    public boolean isWaiting() {
        return approvedAt == null;
    }

    /** Whether this key or person may approve: any but the requester. */
    public boolean mayBeGivenBy(Approver approver) {
        return !approver.id().equals(requestedById);
    }

    Approval given(Approver approver, Instant at) {
        return new Approval(requestedBy, requestedById, approver.name(), at);
    }
}
