package dev.rung.reconciliation;

import dev.rung.core.model.Ids;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.bill.BillPeriod;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.ReconciliationStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches and compares the bill of each account and day once it is due; days that were missed, too. Several servers share the days. Run {@link #EVERY};
 * by one thread at a time.
 */
public final class BillScheduler implements Runnable {
    public static final Duration EVERY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(BillScheduler.class);

    /** A day that could not be compared is tried again after this. */
    private static final Duration RETRY = Duration.ofMinutes(15);
    /** A channel that says there was no business, although there was here, is believed after this. */
    private static final Duration BELIEVED_AFTER = Duration.ofDays(1);

    private static final int DAYS_BACK = 30;

    private final ReconciliationStore store;
    private final DailyReconciliation reconciliation;
    private final Supplier<List<Account>> accounts;
    private final Path folder;
    private final Ids ids;
    private final InstantSource clock;
    /** Days that need no look any more. */
    private final Set<Day> finished = new HashSet<>();
    /** The first day of each account that is looked at. */
    private final Map<String, LocalDate> first = new HashMap<>();

    /**
     * @param accounts the accounts whose bills are fetched
     * @param folder where bills are kept while they are compared
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
        accounts.get().forEach(this::run);
    }

    private void run(Account account) {
        ZonedDateTime now = clock.instant().atZone(account.bills().zone());
        LocalDate last = now.toLocalDate().minusDays(now.toLocalTime().isBefore(account.at()) ? 2 : 1);
        LocalDate from = first.computeIfAbsent(account.channel(), channel -> firstKnown(channel, last));
        for (LocalDate day = from; !day.isAfter(last); day = day.plusDays(1)) {
            if (!isFinished(account, day)) {
                reconcile(account, day);
            }
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

    private void reconcile(Account account, LocalDate day) {
        Instant now = clock.instant();
        StoredReconciliation fresh = new StoredReconciliation(
                new ReconciliationId(ids.next()), account.channel(), day, now, null, null, null, null);
        if (!store.take(fresh, now, now.plus(RETRY))) {
            return;
        }
        String problem;
        try {
            problem = compare(account, day);
        } catch (BillException e) {
            problem = String.valueOf(e.getMessage());
        } catch (IOException e) {
            LOG.warn("the bill of {} of {} cannot be stored", day, account.channel(), e);
            problem = "the bill cannot be stored on this server";
        }
        if (problem != null) {
            LOG.warn("bill of {} of channel {}: {}", day, account.channel(), problem);
            store.delay(account.channel(), day, problem);
        }
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
        ZoneId zone = account.bills().zone();
        BillPeriod period = BillPeriod.of(day, zone);
        Instant due = day.plusDays(1).atTime(account.at()).atZone(zone).toInstant();
        if (bill == null && clock.instant().isBefore(due.plus(BELIEVED_AFTER))) {
            long paid = reconciliation.countPaid(account.channel(), period);
            if (paid > 0) {
                return "the channel says that there was no business, but " + paid + " payments were made";
            }
        }
        String earlier = store.find(account.channel(), day.minusDays(1))
                .map(StoredReconciliation::suspended)
                .orElse("");
        DailyReconciliation.Result result =
                reconciliation.compare(account.channel(), day, bill, period, account.ordersPrefix(), earlier);
        store.finish(account.channel(), day, clock.instant(), result.report(), result.suspended());
        LOG.info("bill of {} of channel {} compared: {}", day, account.channel(), result.report());
        return null;
    }
}
