package dev.rung.api;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the timeline of an order: events of the payment, callbacks, queries to the channel, and attempts to notify the merchant. Thread-safe.
 */
public final class Timeline {
    /** Maximum of entries of one kind; real payments have fewer. */
    private static final int LINES_MAX = 1_000;

    private static final int NOTIFICATIONS_MAX = 100;
    private static final int REFUNDS_MAX = 100;
    /** A page may have few matches while much is being accepted, so several are read. */
    private static final int PAGES_MAX = 10;

    /** Only this many of the newest unverified callbacks are searched, because anyone can send them. */
    private static final int UNVERIFIED_MAX = 100;

    private final PaymentStore store;
    private final RefundStore refunds;
    private final NotificationCatalog catalog;

    public Timeline(PaymentStore store, RefundStore refunds, NotificationCatalog catalog) {
        this.store = store;
        this.refunds = refunds;
        this.catalog = catalog;
    }

    /** An entry. */
    public sealed interface Entry {
        /** Epoch milliseconds. */
        long at();

        /** A channel callback. */
        record CalledBack(StoredCallback callback) implements Entry {
            @Override
            public long at() {
                return callback.receivedAt().toEpochMilli();
            }
        }

        /**
         * A compensating query.
         *
         * @param refund the refund that was queried; null for the payment
         */
        record Queried(Attempt attempt, @Nullable Refund refund) implements Entry {
            @Override
            public long at() {
                return attempt.startedAt();
            }
        }

        /** An event of the payment. */
        record Changed(PaymentEvent event) implements Entry {
            @Override
            public long at() {
                return event.at().toEpochMilli();
            }
        }

        /** An attempt to notify the merchant. */
        record Notified(NotificationDetail notification, Attempt attempt) implements Entry {
            @Override
            public long at() {
                return attempt.startedAt();
            }
        }
    }

    /**
     * All notifications of a merchant's order, oldest first.
     */
    public List<NotificationDetail> notifications(MerchantId merchant, String orderNo) {
        NotificationCatalog.Filter filter = new NotificationCatalog.Filter(merchant, orderNo, null, null, null, null);
        List<NotificationDetail> found = new ArrayList<>();
        NotificationId before = null;
        for (int pages = 0; pages < PAGES_MAX; pages++) {
            NotificationCatalog.Page page = catalog.search(filter, before, NOTIFICATIONS_MAX - found.size());
            found.addAll(page.data());
            before = page.next();
            if (before == null || found.size() == NOTIFICATIONS_MAX) {
                break;
            }
        }
        return found.reversed();
    }

    /** The timeline of a payment and its notifications, oldest first. */
    public List<Entry> of(Payment payment, List<NotificationDetail> notifications) {
        List<Entry> entries = new ArrayList<>();
        // Entries of the same millisecond keep this order: a callback precedes the state change it caused.
        callbacks(payment).forEach(c -> entries.add(new Entry.CalledBack(c)));
        catalog.attempts(payment.queryId()).forEach(a -> entries.add(new Entry.Queried(a, null)));
        refunds(payment).forEach(refund -> entries.addAll(queries(refund)));
        store.timeline(payment.id(), LINES_MAX).forEach(e -> entries.add(new Entry.Changed(e)));
        entries.addAll(of(notifications));
        entries.sort(Comparator.comparingLong(Entry::at));
        return entries;
    }

    /** The refunds of a payment, newest first. */
    public List<Refund> refunds(Payment payment) {
        return refunds.list(payment.id(), null, REFUNDS_MAX).items();
    }

    private List<Entry> queries(Refund refund) {
        NotificationId query = refund.queryId();
        return query == null
                ? List.of()
                : catalog.attempts(query).stream()
                        .<Entry>map(a -> new Entry.Queried(a, refund))
                        .toList();
    }

    /**
     * The verified callbacks of a payment, and the unverified ones that name it.
     */
    public List<StoredCallback> callbacks(Payment payment) {
        String number = payment.id().toString();
        Stream<StoredCallback> unverified =
                store.unverified(payment.order().channel(), Long.MAX_VALUE, UNVERIFIED_MAX).stream()
                        .filter(c -> new String(c.body(), StandardCharsets.ISO_8859_1).contains(number))
                        .map(c -> c.about(payment.id(), c.verdict()));
        return Stream.concat(store.callbacks(payment.id(), LINES_MAX).stream(), unverified)
                .toList();
    }

    /** The timeline of notifications without a payment, oldest first. */
    public List<Entry> of(List<NotificationDetail> notifications) {
        List<Entry> entries = new ArrayList<>();
        for (NotificationDetail notification : notifications) {
            catalog.attempts(notification.id()).forEach(a -> entries.add(new Entry.Notified(notification, a)));
        }
        entries.sort(Comparator.comparingLong(Entry::at));
        return entries;
    }
}
