package dev.rung.reconciliation;

import dev.rung.core.model.Ids;
import dev.rung.core.port.StoreException;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.bill.BillPeriod;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.ReconciliationStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches and compares the bill of each account and day once it is due; days that were missed, too. The days of an account are compared in their order,
 * because each carries something over to the next; a day that cannot be compared is given up after a week. Several servers share the days. Run
 * {@link #EVERY}; by one thread at a time.
 */
public final class BillScheduler implements Runnable {
    public static final Duration EVERY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(BillScheduler.class);

    /** A day that could not be compared is tried again after half the time since the first attempt, within these limits. */
    private static final Duration RETRY_MIN = Duration.ofMinutes(15);

    private static final Duration RETRY_MAX = Duration.ofHours(4);
    /** After this time since it was due, the following days are more important than a bill that cannot be compared. */
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(7);
    /** A day that was missed for long is tried for this time at least. */
    private static final Duration TRIED_FOR = Duration.ofHours(2);
    /** After this time a channel's report of no transactions is accepted although Rung has payments. */
    private static final Duration BELIEVED_AFTER = Duration.ofDays(1);

    private static final int DAYS_BACK = 30;

    private final ReconciliationStore store;
    private final DailyReconciliation reconciliation;
    private final Supplier<List<Account>> accounts;
    private final Path folder;
    private final Ids ids;
    private final InstantSource clock;
    /** Days that are finished or given up. */
    private final Set<Day> finished = new HashSet<>();
    /** The first day of each account that is checked. */
    private final Map<String, LocalDate> first = new HashMap<>();

    private boolean isEmptied;

    /**
     * @param accounts the accounts whose bills are fetched
     * @param folder where bills are kept while they are compared; what a process left there is deleted on the first run
     */
    public BillScheduler(
            ReconciliationStore store,
            DailyReconciliation reconciliation,
            Supplier<List<Account>> accounts,
            Path folder,
            Ids ids,
            InstantSource clock) {
        this.store = store;
        this.reconciliation = reconciliation;
        this.accounts = accounts;
        this.folder = folder;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * An account whose bills are fetched.
     *
     * @param bills of its channel
     * @param at when, on the next day in the channel's time zone
     * @param ordersPrefix other orders on its bills are left out; empty: none are
     * @param formats of its type; the plain one is always known
     */
    public record Account(
            String channel, ChannelBills bills, LocalTime at, String ordersPrefix, List<BillFormat> formats) {}

    private record Day(String channel, LocalDate day) {}

    @Override
    public void run() {
        if (!isEmptied) {
            empty();
            isEmptied = true;
        }
        accounts.get().forEach(this::run);
    }

    /** A process that was killed leaves its bill behind. */
    private void empty() {
        try (Stream<Path> left = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            for (Path path : left.filter(each -> !each.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(path);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("bills of an earlier process cannot be deleted from {}", folder, e);
        }
    }

    private void run(Account account) {
        ZonedDateTime now = clock.instant().atZone(account.bills().zone());
        LocalDate last = now.toLocalDate().minusDays(now.toLocalTime().isBefore(account.at()) ? 2 : 1);
        LocalDate from = first.computeIfAbsent(account.channel(), channel -> firstKnown(channel, last));
        LocalDate day = from;
        while (!day.isAfter(last) && (isFinished(account, day) || reconcile(account, day))) {
            day = day.plusDays(1);
        }
    }

    /** The earliest day that is known, as an account's first bill is that of yesterday. */
    private LocalDate firstKnown(String channel, LocalDate last) {
        LocalDate day = last.minusDays(DAYS_BACK);
        while (day.isBefore(last) && store.find(channel, day).isEmpty()) {
            day = day.plusDays(1);
        }
        return day;
    }

    private boolean isFinished(Account account, LocalDate day) {
        Day key = new Day(account.channel(), day);
        if (finished.contains(key)) {
            return true;
        }
        boolean isFinished = store.find(account.channel(), day)
                .map(StoredReconciliation::isFinished)
                .orElse(false);
        if (isFinished) {
            finished.add(key);
        }
        return isFinished;
    }

    /** Returns whether it is finished, so that the next day can be compared. */
    private boolean reconcile(Account account, LocalDate day) {
        Instant now = clock.instant();
        StoredReconciliation fresh = new StoredReconciliation(
                new ReconciliationId(ids.next()), account.channel(), day, now, null, null, null, null);
        Instant first = store.find(account.channel(), day)
                .map(StoredReconciliation::createdAt)
                .orElse(now);
        if (!store.take(fresh, now, now.plus(retry(Duration.between(first, now))))) {
            return false;
        }
        String problem = problem(account, day);
        if (problem == null) {
            return true;
        }
        if (now.isBefore(due(account, day).plus(GIVEN_UP_AFTER)) || now.isBefore(first.plus(TRIED_FOR))) {
            LOG.warn("bill of {} of channel {}: {}", day, account.channel(), problem);
            store.delay(account.channel(), day, problem);
            return false;
        }
        LOG.warn("bill of {} of channel {} is given up; compare it by hand: {}", day, account.channel(), problem);
        store.giveUp(account.channel(), day, now, problem, suspendedBefore(account, day));
        return true;
    }

    private static Duration retry(Duration sinceFirst) {
        Duration half = sinceFirst.dividedBy(2);
        if (half.compareTo(RETRY_MIN) < 0) {
            return RETRY_MIN;
        }
        return half.compareTo(RETRY_MAX) < 0 ? half : RETRY_MAX;
    }

    private static Instant due(Account account, LocalDate day) {
        return day.plusDays(1)
                .atTime(account.at())
                .atZone(account.bills().zone())
                .toInstant();
    }

    /** Why it cannot be compared now; null if it is compared. */
    private @Nullable String problem(Account account, LocalDate day) {
        try {
            return compare(account, day);
        } catch (BillException e) {
            return String.valueOf(e.getMessage());
        } catch (IOException e) {
            LOG.warn("the bill of {} of {} cannot be stored", day, account.channel(), e);
            return "the bill cannot be stored on this server";
        } catch (StoreException e) {
            throw e; // there is no store to write the problem to
        } catch (RuntimeException e) {
            LOG.error("the bill of {} of {} cannot be compared", day, account.channel(), e);
            return "an internal error; see the log of the server";
        }
    }

    /** What the day before carried over. */
    private String suspendedBefore(Account account, LocalDate day) {
        return store.find(account.channel(), day.minusDays(1))
                .map(StoredReconciliation::suspended)
                .orElse("");
    }

    /** Null if it is compared; else why not. */
    private @Nullable String compare(Account account, LocalDate day) throws IOException {
        Files.createDirectories(folder);
        Path own = Files.createTempDirectory(folder, "bill");
        Path file = own.resolve("bill");
        try {
            return switch (account.bills().fetch(day, file)) {
                case ChannelBills.Fetched.Unavailable(String reason) -> reason;
                case ChannelBills.Fetched.Nothing() -> compare(account, day, null);
                case ChannelBills.Fetched.Downloaded() ->
                    compare(
                            account,
                            day,
                            Bill.open(file, account.formats(), account.bills().zone()));
            };
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(own);
        }
    }

    private @Nullable String compare(Account account, LocalDate day, @Nullable Bill bill) throws IOException {
        BillPeriod period = BillPeriod.of(day, account.bills().zone());
        if (bill == null && clock.instant().isBefore(due(account, day).plus(BELIEVED_AFTER))) {
            long paid = reconciliation.countPaid(account.channel(), period, account.bills()::covers);
            if (paid > 0) {
                return "the channel reports no transactions, but " + paid + " payments were made";
            }
        }
        DailyReconciliation.Result result = reconciliation.compare(
                account.channel(),
                day,
                bill,
                period,
                account.ordersPrefix(),
                account.bills()::covers,
                suspendedBefore(account, day));
        store.finish(account.channel(), day, clock.instant(), result.report(), result.suspended());
        LOG.info("bill of {} of channel {} compared: {}", day, account.channel(), result.report());
        return null;
    }
}
