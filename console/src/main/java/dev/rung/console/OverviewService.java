package dev.rung.console;

import dev.rung.console.RecentStats.MerchantStats;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.flow.ReceiverHealth;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Counts;
import dev.rung.core.port.StoreException;
import dev.rung.observability.Readiness;
import dev.rung.payments.port.ApprovalStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Provides the figures of the overview. They are read at most once a second for all open consoles, and only while one is open. Thread-safe.
 *
 * <p>Only the backlog is recorded continuously, every five seconds, for the chart of the last hour.
 */
public final class OverviewService {
    /** How often {@link #recordBacklog} is to be called: once a slot. */
    public static final Duration BACKLOG_INTERVAL = Duration.ofMillis(RecentStats.SLOT_MILLIS);

    private static final long FRESH_MILLIS = 900;
    private static final long RATE_MILLIS = 10_000;
    private static final long SHARE_MILLIS = 300_000;
    private static final int FAILING_MERCHANTS_MAX = 8;
    /** Approvals that wait are counted up to this number. */
    static final int APPROVALS_COUNTED_MAX = 100;

    private final NotificationCatalog catalog;
    private final ApprovalStore approvals;
    private final MerchantCache merchantCache;
    private final Engine engine;
    private final Readiness readiness;
    private final InstantSource clock;
    private final RecentStats recentStats;
    private final ReentrantLock lock = new ReentrantLock();
    private final long[] backlog = new long[RecentStats.SLOTS];
    private final long[] backlogSlot = new long[RecentStats.SLOTS];
    private volatile @Nullable OverviewSnapshot last;

    public OverviewService(
            NotificationCatalog catalog,
            ApprovalStore approvals,
            MerchantCache merchantCache,
            Engine engine,
            Readiness readiness,
            InstantSource clock,
            RecentStats recentStats) {
        this.catalog = catalog;
        this.approvals = approvals;
        this.merchantCache = merchantCache;
        this.engine = engine;
        this.readiness = readiness;
        this.clock = clock;
        this.recentStats = recentStats;
        Arrays.fill(backlogSlot, -1);
    }

    /**
     * The figures at one time.
     *
     * @param oldestOverdueMillis age of the oldest overdue delivery that is not parked; 0 if there is none
     * @param perSecond recent attempts a second on this server, by outcome
     * @param successShare success rate of this server's attempts in the last five minutes; null if there were none
     * @param p50 median lateness of the same attempts, in milliseconds
     * @param approvals refunds and settlements that wait for approval, at most {@value #APPROVALS_COUNTED_MAX}
     * @param unready reasons why this server is not ready; empty if it is ready
     * @param storeUnavailable whether the store did not answer, so that its figures are old
     */
    record OverviewSnapshot(
            long at,
            Counts counts,
            long oldestOverdueMillis,
            double acceptedPerSecond,
            Map<Outcome, Double> perSecond,
            @Nullable Double successShare,
            @Nullable Double p50,
            @Nullable Double p99,
            int inFlight,
            List<FailingMerchant> failingMerchants,
            int approvals,
            List<String> unready,
            boolean storeUnavailable) {
        long of(DeliveryState state) {
            return counts.byState().getOrDefault(state, 0L);
        }

        double attemptsPerSecond() {
            return perSecond.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    /** A merchant with recent failures. */
    record FailingMerchant(MerchantId id, String name, boolean paused, MerchantStats stats, ReceiverHealth health) {}

    /** The current figures, at most about a second old. */
    OverviewSnapshot snapshot() {
        OverviewSnapshot seen = last;
        long now = clock.millis();
        if (seen != null && now - seen.at() < FRESH_MILLIS) {
            return seen;
        }
        lock.lock();
        try {
            seen = last;
            if (seen == null || now - seen.at() >= FRESH_MILLIS) {
                seen = refresh(now, seen);
                last = seen;
            }
            return seen;
        } finally {
            lock.unlock();
        }
    }

    private OverviewSnapshot refresh(long now, @Nullable OverviewSnapshot before) {
        Counts counts = before == null ? new Counts(Map.of(), Map.of()) : before.counts();
        long overdue = before == null ? 0 : before.oldestOverdueMillis();
        int waiting = before == null ? 0 : before.approvals();
        boolean unavailable = false;
        List<FailingMerchant> failingMerchants = before == null ? List.of() : before.failingMerchants();
        try {
            counts = catalog.counts();
            Long oldest = catalog.oldestOverdue();
            overdue = oldest == null ? 0 : Math.max(0, now - oldest);
            failingMerchants = failingMerchants(now);
            waiting = approvals.countWaiting(APPROVALS_COUNTED_MAX);
        } catch (StoreException e) {
            unavailable = true; // keep the old figures
        }
        RecentStats.Sum rate = recentStats.sum(now - RATE_MILLIS, now);
        RecentStats.Sum lately = recentStats.sum(now - SHARE_MILLIS, now + RecentStats.SLOT_MILLIS);
        int attempts = lately.attempts();
        Map<Outcome, Double> perSecond = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            perSecond.put(outcome, rate.of(outcome) * 1e3 / RATE_MILLIS);
        }
        return new OverviewSnapshot(
                now,
                counts,
                overdue,
                rate.accepted() * 1e3 / RATE_MILLIS,
                perSecond,
                attempts == 0 ? null : (double) lately.of(Outcome.ACKNOWLEDGED) / attempts,
                lately.lateness(0.5),
                lately.lateness(0.99),
                engine.inFlight(),
                failingMerchants,
                waiting,
                readiness.report().reasons(),
                unavailable);
    }

    private List<FailingMerchant> failingMerchants(long now) {
        List<FailingMerchant> failingMerchants = new ArrayList<>();
        for (Map.Entry<MerchantId, MerchantStats> failing : recentStats.failing(now, FAILING_MERCHANTS_MAX)) {
            MerchantId id = failing.getKey();
            Merchant merchant = merchantCache.find(id).orElse(null);
            if (merchant != null) {
                failingMerchants.add(new FailingMerchant(
                        id,
                        merchant.name(),
                        merchant.receiver().paused(),
                        failing.getValue(),
                        engine.health(ReceiverId.own(id))));
            }
        }
        return failingMerchants;
    }

    /** Notes how much waits. Called every {@link #BACKLOG_INTERVAL}. */
    public void recordBacklog() {
        long now = clock.millis();
        long waiting = snapshot().of(DeliveryState.WAITING);
        long number = now / RecentStats.SLOT_MILLIS;
        int at = (int) (number % RecentStats.SLOTS);
        synchronized (backlog) {
            backlog[at] = waiting;
            backlogSlot[at] = number;
        }
    }

    /** The number of the last completed slot. */
    long lastSlot() {
        return clock.millis() / RecentStats.SLOT_MILLIS - 1;
    }

    /** The figures of a slot. */
    Point point(long number) {
        RecentStats.Sum sum = recentStats.sum(number * RecentStats.SLOT_MILLIS, (number + 1) * RecentStats.SLOT_MILLIS);
        Map<Outcome, Double> perSecond = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            perSecond.put(outcome, sum.of(outcome) * 1e3 / RecentStats.SLOT_MILLIS);
        }
        return new Point(
                number * RecentStats.SLOT_MILLIS,
                sum.accepted() * 1e3 / RecentStats.SLOT_MILLIS,
                perSecond,
                sum.lateness(0.5),
                sum.lateness(0.99),
                backlog(number));
    }

    private @Nullable Long backlog(long number) {
        synchronized (backlog) {
            int at = (int) (number % RecentStats.SLOTS);
            return backlogSlot[at] == number ? backlog[at] : null;
        }
    }

    /**
     * The figures of five seconds, for the charts.
     *
     * @param p50 median lateness in milliseconds; null if there were no attempts
     * @param backlog null if it was not recorded
     */
    record Point(
            long at,
            double acceptedPerSecond,
            Map<Outcome, Double> perSecond,
            @Nullable Double p50,
            @Nullable Double p99,
            @Nullable Long backlog) {}
}
