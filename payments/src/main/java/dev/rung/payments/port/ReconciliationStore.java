package dev.rung.payments.port;

import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.PaymentStore.Page;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reconciliations, one a day and channel account, in the database of the {@link PaymentStore}. Thread-safe; every method is one transaction, and either complete or without effect when it throws {@link dev.rung.core.port.StoreException}.
 */
public interface ReconciliationStore {
    /**
     * Takes a day for the caller, unless it is finished, or taken until later than now. Of two servers one gets it.
     *
     * @param fresh stored if the day is not known yet
     * @param until when another caller may take it
     */
    boolean take(StoredReconciliation fresh, Instant now, Instant until);

    /** Stores why a day could not be compared; ignored once it is finished. */
    void delay(String channel, LocalDate day, String problem);

    /** Stores the result of a day; ignored if it is finished. */
    void finish(String channel, LocalDate day, Instant at, String report, String suspended);

    /**
     * Stores that a day will not be compared, and why; ignored if it is finished.
     *
     * @param suspended what the day before carried over, for the next one
     */
    void giveUp(String channel, LocalDate day, Instant at, String problem, String suspended);

    Optional<StoredReconciliation> find(String channel, LocalDate day);

    Optional<StoredReconciliation> find(ReconciliationId id);

    /**
     * Newest first.
     *
     * @param channel null: of all accounts
     * @param before where an earlier page ended
     */
    Page<StoredReconciliation, ReconciliationId> list(
            @Nullable String channel, @Nullable ReconciliationId before, int limit);

    /** Deletes those that were created before this time and are finished; returns their number. */
    int purge(Instant before);
}
