package dev.rung.payments.model;

import java.time.Instant;
import java.util.Objects;

/** What waits for the approval of a person other than the requester. */
public sealed interface WaitingApproval {

    /** The id of the refund or the discrepancy. */
    long id();

    /** The name of the key or person that asked. */
    String requestedBy();

    Instant requestedAt();

    /** A refund above the limit. */
    record OfRefund(Refund refund) implements WaitingApproval {
        public OfRefund {
            if (!refund.isWaitingForApproval()) {
                throw new IllegalArgumentException(refund.id() + " waits for no approval");
            }
        }

        @Override
        public long id() {
            return refund.id().value();
        }

        @Override
        public String requestedBy() {
            return Objects.requireNonNull(refund.approval()).requestedBy();
        }

        @Override
        public Instant requestedAt() {
            return refund.createdAt();
        }
    }

    /** The settlement of a discrepancy, above the limit. */
    record OfDiscrepancy(StoredDiscrepancy discrepancy) implements WaitingApproval {
        public OfDiscrepancy {
            if (discrepancy.request() == null) {
                throw new IllegalArgumentException(discrepancy.id() + " waits for no approval");
            }
        }

        /** How it is to be settled, why, and who asked. */
        public StoredDiscrepancy.AcceptRequest request() {
            return Objects.requireNonNull(discrepancy.request());
        }

        @Override
        public long id() {
            return discrepancy.id().value();
        }

        @Override
        public String requestedBy() {
            return request().by().name();
        }

        @Override
        public Instant requestedAt() {
            return request().at();
        }
    }
}
