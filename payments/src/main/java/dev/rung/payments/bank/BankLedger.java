package dev.rung.payments.bank;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the simulated bank keeps its orders: a bank does not forget when Rung is killed. Thread-safe; every method is one transaction,
 * durable when it returns, and either whole or without effect when it throws {@link dev.rung.core.port.StoreException}.
 */
public interface BankLedger {

    /** Takes an order down, unless there is one with this number; answers the one that is there. */
    BankOrder open(BankOrder order);

    /** By the platform's number. */
    Optional<BankOrder> find(String number);

    /** By what opens its page. */
    Optional<BankOrder> findByToken(String token);

    /**
     * Writes {@code after}, with its version raised by one, if the order still has {@code before}'s. Terms never change.
     *
     * @return whether it was written
     */
    boolean change(BankOrder before, BankOrder after);

    /** Those that are due by then, the longest due first. */
    List<BankOrder> due(Instant until, int limit);

    /** When the next one is due. */
    Optional<Instant> nextDue();

    /**
     * Deletes orders that expired before then.
     *
     * @return how many, at most {@code limit}
     */
    int purge(Instant expiredBefore, int limit);
}
