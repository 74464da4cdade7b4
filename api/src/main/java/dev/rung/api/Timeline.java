package dev.rung.api;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An order's whole story: its payment's own lines, what the channel called back, each query at the channel, each attempt to tell the
 * merchant. Thread-safe.
 */
public final class Timeline {
    /** More of one kind than a payment ever has, unless somebody plays with it. */
    private static final int LINES_MAX = 1_000;

    private static final int NOTIFICATIONS_MAX = 100;
    /** A search may come short when much was accepted a moment ago. */
    private static final int PAGES_MAX = 10;

    /** Of the callbacks that could not be verified so many are looked through, the newest: anybody can send one. */
    private static final int UNVERIFIED_MAX = 100;

    private final PaymentStore store;
    private final NotificationCatalog catalog;

    public Timeline(ApiDependencies parts) {
        this.store = parts.paymentStore();
        this.catalog = parts.catalog();
    }

    /** A line of it. */
    public sealed interface Entry {
        /** Epoch milliseconds. */
        long at();

        /** The channel called. */
        record CalledBack(StoredCallback callback) implements Entry {
            @Override
            public long at() {
                return callback.receivedAt().toEpochMilli();
            }
        }

        /** The channel was asked, on the ladder of the compensating query. */
        record Queried(Attempt attempt) implements Entry {
            @Override
            public long at() {
                return attempt.startedAt();
            }
        }

        /** A line of the payment's own. */
        record Told(PaymentEvent event) implements Entry {
            @Override
            public long at() {
                return event.at().toEpochMilli();
            }
        }

        /** The merchant was to be told. */
        record Notified(NotificationDetail notification, Attempt attempt) implements Entry {
            @Override
            public long at() {
                return attempt.startedAt();
            }
        }
    }

    /**
     * The notifications of a merchant about an order, oldest first: the one that tells its payment's end, and whatever else was sent under its
     * number.
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

    /** What is told of a payment and of these notifications, oldest first. */
    public List<Entry> of(Payment payment, List<NotificationDetail> notifications) {
        List<Entry> entries = new ArrayList<>();
        // What happened in the same millisecond stays in this order: a callback came before the state that it brought.
        callbacks(payment).forEach(c -> entries.add(new Entry.CalledBack(c)));
        catalog.attempts(payment.queryId()).forEach(a -> entries.add(new Entry.Queried(a)));
        store.story(payment.id(), LINES_MAX).forEach(e -> entries.add(new Entry.Told(e)));
        entries.addAll(of(notifications));
        entries.sort(Comparator.comparingLong(Entry::at));
        return entries;
    }

    /**
     * The callbacks that spoke of a payment, and those that could not be verified but name it as its channel does, which makes nobody
     * believe them.
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

    /** What is told of notifications alone, oldest first. */
    public List<Entry> of(List<NotificationDetail> notifications) {
        List<Entry> entries = new ArrayList<>();
        for (NotificationDetail notification : notifications) {
            catalog.attempts(notification.id()).forEach(a -> entries.add(new Entry.Notified(notification, a)));
        }
        entries.sort(Comparator.comparingLong(Entry::at));
        return entries;
    }
}
