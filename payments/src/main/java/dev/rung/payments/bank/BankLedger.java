package dev.rung.payments.bank;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Stores the orders of the simulated bank, which therefore survive a crash of Rung as a real bank's would. Thread-safe; every method is one
 * transaction, durable when it returns, and either complete or without effect when it throws {@link dev.rung.core.port.StoreException}.
 */
public interface BankLedger {

    /**
     * Stores orders, each unless there is one with its number.
     *
     * @param batch at most one of a number
     * @return the stored ones, in order
     */
    List<BankOrder> open(List<BankOrder> batch);

    /** Stores one order, see {@link #open(List)}. */
    default BankOrder open(BankOrder order) {
        return open(List.of(order)).getFirst();
    }

    /** Finds an order by the platform's number. */
    Optional<BankOrder> find(String number);

    /** Finds an order by the token of its page. */
    Optional<BankOrder> findByToken(String token);

    /** The refunds of an order, in any state. */
    List<BankOrder> refundsOf(String number);

    /** A change of an order. Its terms never change. */
    record Change(BankOrder before, BankOrder after) {}

    /**
     * Writes each {@code after}, with its version raised by one, if the order's version equals {@code before}'s.
     *
     * @return one value per change, in order: whether it was written
     */
    List<Boolean> change(List<Change> batch);

    /** Writes one change, see {@link #change(List)}. */
    default boolean change(BankOrder before, BankOrder after) {
        return change(List.of(new Change(before, after))).getFirst();
    }

    /** Orders due until this time, the longest overdue first. */
    List<BankOrder> due(Instant until, int limit);

    /**
     * Orders and refunds that were paid within a time, by ascending number.
     *
     * @param notifyUrl whose callbacks go there
     * @param from inclusive
     * @param to exclusive
     * @param after where an earlier page ended; empty for the first
     */
    List<BankOrder> paid(String notifyUrl, Instant from, Instant to, String after, int limit);

    /** The earliest due time of all orders. */
    Optional<Instant> nextDue();

    /**
     * Deletes orders that expired before this time.
     *
     * @return the number deleted, at most {@code limit}
     */
    int purge(Instant expiredBefore, int limit);
}
