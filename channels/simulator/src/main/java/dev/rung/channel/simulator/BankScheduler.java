package dev.rung.channel.simulator;

import dev.rung.core.port.StoreException;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.bank.BankOrder.BankTask;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the bank's due tasks: simulated payers act, callbacks are sent. One thread polls the ledger for due orders. A task runs only if its
 * compare-and-set on the order succeeds, so several banks may share a ledger.
 */
final class BankScheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BankScheduler.class);
    private static final int BATCH = 64;
    /** Maximum concurrent callbacks. */
    private static final int CALLBACKS_IN_FLIGHT_MAX = 64;
    /** Maximum delay until an order stored by another bank on the same ledger is seen. */
    private static final Duration POLL_EVERY = Duration.ofSeconds(2);

    private static final Duration KEPT = Duration.ofDays(3);
    private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
    private static final int PURGE_BATCH = 500;

    private final BankLedger ledger;
    private final CallbackSender sender;
    private final InstantSource clock;
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("simulated-bank-", 0).factory());
    private final Semaphore callbackPermits = new Semaphore(CALLBACKS_IN_FLIGHT_MAX);
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile Instant sleepsUntil = Instant.MAX;
    private volatile boolean closed;
    private Instant purgeAt = Instant.MIN;
    private @Nullable Thread pollThread;

    BankScheduler(BankLedger ledger, CallbackSender sender, InstantSource clock) {
        this.ledger = ledger;
        this.sender = sender;
        this.clock = clock;
    }

    void start() {
        pollThread = Thread.ofVirtual().name("simulated-bank").start(this::run);
    }

    /** Wakes the scheduler if a changed order is due before the next poll. */
    void orderChanged(BankOrder order) {
        Instant dueAt = order.dueAt();
        if (dueAt != null && dueAt.isBefore(sleepsUntil)) {
            wakeUps.release();
        }
    }

    private void run() {
        while (!closed) {
            try {
                sleep(work());
            } catch (StoreException e) {
                LOG.debug("The simulated bank's ledger is unavailable", e);
                sleep(POLL_EVERY);
            } catch (RejectedExecutionException e) {
                return; // closed
            } catch (RuntimeException e) {
                LOG.error("A task of the simulated bank failed", e);
                sleep(POLL_EVERY);
            }
        }
    }

    /** Runs the due tasks; returns the time until the next poll. */
    private Duration work() {
        sleepsUntil = Instant.MAX; // orders placed from here on may be missed by the poll below
        wakeUps.drainPermits();
        Instant now = now();
        List<BankOrder> due = ledger.due(now, BATCH);
        if (!due.isEmpty()) {
            return runTasks(due, now) ? Duration.ZERO : POLL_EVERY;
        }
        purge(now);
        Instant poll = now.plus(POLL_EVERY);
        Instant next = ledger.nextDue().filter(poll::isAfter).orElse(poll);
        sleepsUntil = next;
        return Duration.between(now(), next);
    }

    /** Runs the tasks concurrently, so that they share commits; false if the ledger failed for one. */
    private boolean runTasks(List<BankOrder> due, Instant now) {
        List<CompletableFuture<Boolean>> tasks = new ArrayList<>();
        for (BankOrder order : due) {
            tasks.add(CompletableFuture.supplyAsync(() -> isDone(() -> runTask(order, now)), workers));
        }
        boolean all = true;
        for (CompletableFuture<Boolean> task : tasks) {
            all &= task.join();
        }
        return all;
    }

    /** False if the ledger failed: the task runs again after the next poll. */
    private static boolean isDone(Runnable task) {
        try {
            task.run();
            return true;
        } catch (StoreException e) {
            LOG.debug("The simulated bank's ledger failed; the task will be retried", e);
            return false;
        }
    }

    /** Commits the payer's action and the claim to send its callback together. */
    private void runTask(BankOrder order, Instant now) {
        switch (order.dueTask(now)) {
            case BankTask.Act(BankOrder after)
            when isDue(after, now) && after.dueTask(now) instanceof BankTask.CallBack callBack ->
                claim(order, callBack);
            case BankTask.Act(BankOrder after) -> ledger.change(order, after);
            case BankTask.CallBack callBack -> claim(order, callBack);
        }
    }

    private static boolean isDue(BankOrder order, Instant now) {
        Instant dueAt = order.dueAt();
        return dueAt != null && !dueAt.isAfter(now);
    }

    private void claim(BankOrder before, BankTask.CallBack callBack) {
        if (ledger.change(before, callBack.claimed())) {
            callbackPermits.acquireUninterruptibly();
            workers.execute(() -> {
                try {
                    var _ = isDone(() -> sendCallbacks(callBack.claimed().asWritten(), callBack.copies()));
                } finally {
                    callbackPermits.release();
                }
            });
        }
    }

    private void sendCallbacks(BankOrder order, int copies) {
        List<CompletableFuture<Boolean>> sent = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            sent.add(CompletableFuture.supplyAsync(() -> sender.send(order), workers));
        }
        boolean isAcknowledged = false;
        for (CompletableFuture<Boolean> each : sent) {
            isAcknowledged |= each.join();
        }
        if (isAcknowledged) {
            BankOrder acknowledged = order.acknowledge(now());
            ledger.change(order, acknowledged); // if this is not stored, the callback is sent again, which is harmless
            orderChanged(acknowledged);
        }
    }

    /** In milliseconds, the ledger's precision: a repeated callback must have the same content. */
    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private void purge(Instant now) {
        if (now.isBefore(purgeAt)) {
            return;
        }
        boolean more = ledger.purge(now.minus(KEPT), PURGE_BATCH) == PURGE_BATCH;
        purgeAt = more ? now : now.plus(PURGE_EVERY);
    }

    private void sleep(Duration time) {
        try {
            if (time.isPositive()) {
                var _ = wakeUps.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS); // polls after a timeout as well
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Starts no more tasks and does not wait for running ones, which are repeated after the next start. */
    @Override
    public void close() {
        closed = true;
        Thread thread = pollThread;
        if (thread != null) {
            thread.interrupt();
        }
        workers.shutdownNow();
    }
}
