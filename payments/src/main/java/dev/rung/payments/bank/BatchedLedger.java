package dev.rung.payments.bank;

import dev.rung.core.flow.Batcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A ledger that writes the orders and changes of several threads in one transaction. Thread-safe. */
public final class BatchedLedger implements BankLedger {
    private static final int BATCH_MAX = 64;

    private final BankLedger ledger;
    private final Batcher<BankOrder, BankOrder> opens;
    private final Batcher<Change, Boolean> changes;

    /**
     * @param lanes batches of one kind written at the same time
     * @param defects receives exceptions that are bugs
     */
    public BatchedLedger(BankLedger ledger, Executor executor, int lanes, Consumer<RuntimeException> defects) {
        this.ledger = ledger;
        this.opens = new Batcher<>(BATCH_MAX, lanes, executor, this::openEach, defects);
        this.changes = new Batcher<>(BATCH_MAX, lanes, executor, ledger::change, defects);
    }

    /** Of several orders with one number the first is stored, and all get it. */
    private List<BankOrder> openEach(List<BankOrder> batch) {
        Map<String, BankOrder> first = new LinkedHashMap<>();
        batch.forEach(order -> first.putIfAbsent(order.terms().number(), order));
        List<BankOrder> stored = ledger.open(List.copyOf(first.values()));
        stored.forEach(order -> first.put(order.terms().number(), order));
        List<BankOrder> results = new ArrayList<>(batch.size());
        for (BankOrder order : batch) {
            results.add(first.getOrDefault(order.terms().number(), order));
        }
        return results;
    }

    @Override
    public BankOrder open(BankOrder order) {
        return opens.await(order);
    }

    @Override
    public List<BankOrder> open(List<BankOrder> batch) {
        return ledger.open(batch);
    }

    @Override
    public boolean change(BankOrder before, BankOrder after) {
        return changes.await(new Change(before, after));
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return ledger.change(batch);
    }

    @Override
    public Optional<BankOrder> find(String number) {
        return ledger.find(number);
    }

    @Override
    public Optional<BankOrder> findByToken(String token) {
        return ledger.findByToken(token);
    }

    @Override
    public List<BankOrder> refundsOf(String number) {
        return ledger.refundsOf(number);
    }

    @Override
    public List<BankOrder> due(Instant until, int limit) {
        return ledger.due(until, limit);
    }

    @Override
    public List<BankOrder> paid(String notifyUrl, Instant from, Instant to, String after, int limit) {
        return ledger.paid(notifyUrl, from, to, after, limit);
    }

    @Override
    public Optional<Instant> nextDue() {
        return ledger.nextDue();
    }

    @Override
    public int purge(Instant expiredBefore, int limit) {
        return ledger.purge(expiredBefore, limit);
    }
}
