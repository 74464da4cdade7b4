package dev.rung.console;

import dev.rung.api.ApiDependencies;
import dev.rung.console.RecentStats.Fared;
import dev.rung.core.flow.MerchantHealth;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.NotificationCatalog.Counts;
import dev.rung.core.port.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How everything stands, looked at once a second for all who look, and not at all while nobody does. Thread-safe.
 *
 * <p>Only the backlog is noted without anybody looking, every five seconds, so that there is a past to show.
 */
public final class OverviewService {
    /** How often {@link #note} is to be called: once a slot. */
    public static final Duration NOTE_EVERY = Duration.ofMillis(RecentStats.SLOT_MILLIS);

    private static final long FRESH_MILLIS = 900;
    private static final long RATE_MILLIS = 10_000;
    private static final long SHARE_MILLIS = 300_000;
    private static final int TROUBLES = 8;

    private final ApiDependencies parts;
    private final RecentStats pulse;
    private final ReentrantLock lock = new ReentrantLock();
    private final long[] backlog = new long[RecentStats.SLOTS];
    private final long[] backlogSlot = new long[RecentStats.SLOTS];
    private volatile @Nullable OverviewSnapshot last;

    public OverviewService(ApiDependencies parts, RecentStats pulse) {
        this.parts = parts;
        this.pulse = pulse;
        Arrays.fill(backlogSlot, -1);
    }

    /**
     * What is seen at one moment.
     *
     * @param oldestOverdueMillis how long the oldest is overdue that nothing holds back; 0: none is
     * @param perSecond attempts a second on this server, lately, by outcome
     * @param successShare of this server's attempts of the last five minutes; null: there were none
     * @param p50 in milliseconds, of the same
     * @param unready what this server misses; empty: nothing
     * @param storeAway the store did not answer: what it says is from before
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
            int failingMerchants,
            List<FailingMerchant> troubles,
            List<String> unready,
            boolean storeAway) {
        long of(NotificationState state) {
            return counts.byState().getOrDefault(state, 0L);
        }

        double attemptsPerSecond() {
            return perSecond.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    /** A merchant that fails. */
    record FailingMerchant(MerchantId id, String name, boolean paused, Fared fared, MerchantHealth health) {}

    /** As it is now, give or take a second. */
    OverviewSnapshot look() {
        OverviewSnapshot seen = last;
        long now = parts.clock().millis();
        if (seen != null && now - seen.at() < FRESH_MILLIS) {
            return seen;
        }
        lock.lock();
        try {
            seen = last;
            if (seen == null || now - seen.at() >= FRESH_MILLIS) {
                seen = lookAgain(now, seen);
                last = seen;
            }
            return seen;
        } finally {
            lock.unlock();
        }
    }

    private OverviewSnapshot lookAgain(long now, @Nullable OverviewSnapshot before) {
        Counts counts = before == null ? new Counts(Map.of(), Map.of()) : before.counts();
        long overdue = before == null ? 0 : before.oldestOverdueMillis();
        boolean away = false;
        List<FailingMerchant> troubles = before == null ? List.of() : before.troubles();
        try {
            counts = parts.catalog().counts();
            Long oldest = parts.catalog().oldestOwed();
            overdue = oldest == null ? 0 : Math.max(0, now - oldest);
            troubles = troubles(now);
        } catch (StoreException e) {
            away = true; // shown as such; what was seen before stands
        }
        RecentStats.Sum rate = pulse.sum(now - RATE_MILLIS, now);
        RecentStats.Sum lately = pulse.sum(now - SHARE_MILLIS, now + RecentStats.SLOT_MILLIS);
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
                parts.engine().inFlight(),
                parts.engine().standings().getOrDefault(MerchantHealth.Standing.FAILING, 0),
                troubles,
                parts.readiness().report().reasons(),
                away);
    }

    private List<FailingMerchant> troubles(long now) {
        List<FailingMerchant> troubles = new ArrayList<>();
        for (Map.Entry<MerchantId, Fared> failing : pulse.failing(now, TROUBLES)) {
            MerchantId id = failing.getKey();
            Merchant merchant = parts.directory().find(id).orElse(null);
            if (merchant != null) {
                troubles.add(new FailingMerchant(
                        id,
                        merchant.name(),
                        merchant.paused(),
                        failing.getValue(),
                        parts.engine().health(id)));
            }
        }
        return troubles;
    }

    /** Notes how much waits. Called every {@link #NOTE_EVERY}. */
    public void note() {
        long now = parts.clock().millis();
        long waiting = look().of(NotificationState.WAITING);
        long number = now / RecentStats.SLOT_MILLIS;
        int at = (int) (number % RecentStats.SLOTS);
        synchronized (backlog) {
            backlog[at] = waiting;
            backlogSlot[at] = number;
        }
    }

    /** The number of the last slot that is over. */
    long lastSlot() {
        return parts.clock().millis() / RecentStats.SLOT_MILLIS - 1;
    }

    /** What a slot says. */
    Point point(long number) {
        RecentStats.Sum sum = pulse.sum(number * RecentStats.SLOT_MILLIS, (number + 1) * RecentStats.SLOT_MILLIS);
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
     * Five seconds of the past.
     *
     * @param p50 in milliseconds; null: nothing was attempted
     * @param backlog null: it was not noted
     */
    record Point(
            long at,
            double acceptedPerSecond,
            Map<Outcome, Double> perSecond,
            @Nullable Double p50,
            @Nullable Double p99,
            @Nullable Long backlog) {}
}
