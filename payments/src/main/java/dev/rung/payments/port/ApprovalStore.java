package dev.rung.payments.port;

import dev.rung.payments.model.WaitingApproval;
import dev.rung.payments.port.PaymentStore.Page;
import org.jspecify.annotations.Nullable;

/** Refunds and discrepancies that wait for another person's approval, in the database of the {@link PaymentStore}. Thread-safe. */
public interface ApprovalStore {

    /**
     * Those that wait, by descending id of the refund or discrepancy.
     *
     * @param before limits them to smaller ids; null for no limit
     */
    Page<WaitingApproval, Long> waiting(@Nullable Long before, int limit);

    /** How many wait, counted up to {@code max}. */
    default int countWaiting(int max) {
        return waiting(null, max).items().size();
    }
}
