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
 * What the bank does by itself when it is due: payers act, the platform is told. One thread looks, the ledger says what is due, and whoever changes the
 * order first does the errand; several banks on one ledger are no trouble.
 */
final class BankScheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BankScheduler.class);
    private static final int BATCH = 64;
    /** Callbacks under way at once. */
    private static final int TELLING_MAX = 64;
    /** How soon what another bank on the same ledger took down is seen. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private static final Duration KEPT = Duration.ofDays(3);
    private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
    private static final int PURGE_BATCH = 500;

    private final BankLedger ledger;
    private final CallbackSender notices;
    private final InstantSource clock;
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("simulated-bank-", 0).factory());
    private final Semaphore telling = new Semaphore(TELLING_MAX);
    private final Semaphore nudges = new Semaphore(0);
    private volatile Instant sleepsUntil = Instant.MAX;
    private volatile boolean closed;
    private Instant purgeAt = Instant.MIN;
    private @Nullable Thread looking;

    BankScheduler(BankLedger ledger, CallbackSender notices, InstantSource clock) {
        this.ledger = ledger;
        this.notices = notices;
        this.clock = clock;
    }

    void start() {
        looking = Thread.ofVirtual().name("simulated-bank").start(this::run);
    }

    /** An order has changed: if it is due before the next look, there is a look before. */
    void nudge(BankOrder order) {
        Instant dueAt = order.dueAt();
        if (dueAt != null && dueAt.isBefore(sleepsUntil)) {
            nudges.release();
        }
    }

    private void run() {
        while (!closed) {
            try {
                sleep(work());
            } catch (StoreException e) {
                LOG.debug("the simulated bank waits for its ledger", e);
                sleep(LOOK_EVERY);
            } catch (RejectedExecutionException e) {
                return; // closed
            } catch (RuntimeException e) {
                LOG.error("the simulated bank failed at an errand", e);
                sleep(LOOK_EVERY);
            }
        }
    }

    /** Does what is due; answers how long nothing else will be. */
    private Duration work() {
        sleepsUntil = Instant.MAX; // whatever is placed from here on may be missed by the look below
        nudges.drainPermits();
        Instant now = now();
        List<BankOrder> due = ledger.due(now, BATCH);
        if (!due.isEmpty()) {
            return doErrands(due, now) ? Duration.ZERO : LOOK_EVERY;
        }
        purge(now);
        Instant look = now.plus(LOOK_EVERY);
        Instant next = ledger.nextDue().filter(look::isAfter).orElse(look);
        sleepsUntil = next;
        return Duration.between(now(), next);
    }

    /** All together, so that they share commits; false if the ledger would not take one. */
    private boolean doErrands(List<BankOrder> due, Instant now) {
        List<CompletableFuture<Boolean>> errands = new ArrayList<>();
        for (BankOrder order : due) {
            errands.add(CompletableFuture.supplyAsync(() -> tried(() -> doErrand(order, now)), workers));
        }
        boolean all = true;
        for (CompletableFuture<Boolean> errand : errands) {
            all &= errand.join();
        }
        return all;
    }

    /** What the ledger would not take is tried again when it is next looked at. */
    private static boolean tried(Runnable errand) {
        try {
            errand.run();
            return true;
        } catch (StoreException e) {
            LOG.debug("the simulated bank's ledger takes nothing", e);
            return false;
        }
    }

    /** One commit for what the payer does and the claim to tell of it. */
    private void doErrand(BankOrder order, Instant now) {
        switch (order.errand(now)) {
            case BankTask.Act(BankOrder after)
            when isDue(after, now) && after.errand(now) instanceof BankTask.Tell tell -> claim(order, tell);
            case BankTask.Act(BankOrder after) -> ledger.change(order, after);
            case BankTask.Tell tell -> claim(order, tell);
        }
    }

    private static boolean isDue(BankOrder order, Instant now) {
        Instant dueAt = order.dueAt();
        return dueAt != null && !dueAt.isAfter(now);
    }

    private void claim(BankOrder before, BankTask.Tell tell) {
        if (ledger.change(before, tell.claimed())) {
            telling.acquireUninterruptibly();
            workers.execute(() -> {
                try {
                    var _ = tried(() -> tell(tell.claimed().asWritten(), tell.copies()));
                } finally {
                    telling.release();
                }
            });
        }
    }

    private void tell(BankOrder order, int copies) {
        List<CompletableFuture<Boolean>> sent = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            sent.add(CompletableFuture.supplyAsync(() -> notices.send(order), workers));
        }
        boolean heard = false;
        for (CompletableFuture<Boolean> each : sent) {
            heard |= each.join();
        }
        if (heard) {
            BankOrder acknowledged = order.acknowledged(now());
            ledger.change(order, acknowledged); // if it is not written, it is told again, which does no harm
            nudge(acknowledged);
        }
    }

    /** To the millisecond, as the ledger keeps it: what is told now and what is told again must be the same. */
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
                var _ = nudges.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS); // nudged or not, it looks again
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Begins no errand any more, and waits for none that is under way: they are repeated after the next start. */
    @Override
    public void close() {
        closed = true;
        Thread thread = looking;
        if (thread != null) {
            thread.interrupt();
        }
        workers.shutdownNow();
    }
}
