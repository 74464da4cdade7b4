package dev.rung.core.memory;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a {@link MemoryNotificationStore}, under its lock. Channel queries are found, but neither listed nor counted. Counts by scanning, which makes it the oracle for those who must not. */
public final class MemoryNotificationCatalog implements NotificationCatalog {
    private static final int SCAN_MAX = 1_000;

    private final Table table;
    private final MemoryNotificationStore lock;

    MemoryNotificationCatalog(Table table, MemoryNotificationStore lock) {
        this.table = table;
        this.lock = lock;
    }

    @Override
    public Optional<NotificationDetail> find(NotificationId id) {
        synchronized (lock) {
            return Optional.ofNullable(table.find(id)).map(Row::detail);
        }
    }

    /** A notification as the dispatcher reads it. */
    public Optional<Delivery> delivery(NotificationId id) {
        synchronized (lock) {
            return Optional.ofNullable(table.find(id)).map(table::delivery);
        }
    }

    /** All wakes that a queue should contain, in due order. */
    public List<Wake> queued() {
        synchronized (lock) {
            return table.queued(null, Long.MAX_VALUE).map(Row::wake).toList();
        }
    }

    /** All notifications, in id order. */
    public List<NotificationDetail> all() {
        synchronized (lock) {
            return table.all().map(Row::detail).toList();
        }
    }

    @Override
    public Optional<NotificationId> findAccepted(MerchantId merchant, Idempotency idempotency) {
        return lock.findAccepted(merchant, idempotency);
    }

    @Override
    public List<Also> also(MerchantId merchant, NotificationId first) {
        synchronized (lock) {
            return table.also(first)
                    .map(row -> new Also(
                            row.id(),
                            Objects.requireNonNull(row.accepted.receiver().endpoint())))
                    .toList();
        }
    }

    @Override
    public List<Attempt> attempts(NotificationId id) {
        synchronized (lock) {
            Row row = table.find(id);
            return row == null ? List.of() : List.copyOf(row.attempts);
        }
    }

    @Override
    public Optional<Whole> whole(NotificationId id) {
        synchronized (lock) {
            return find(id).map(found -> new Whole(found, attempts(id)));
        }
    }

    @Override
    public Page search(Filter filter, @Nullable NotificationId before, int limit) {
        synchronized (lock) {
            NavigableMap<NotificationId, Row> older =
                    before == null ? table.byId() : table.byId().headMap(before, false);
            List<NotificationDetail> data = new ArrayList<>();
            NotificationId last = null;
            int scanned = 0;
            for (Row row : older.descendingMap().values()) {
                if (data.size() == limit || scanned++ == SCAN_MAX) {
                    return new Page(data, last);
                }
                last = row.id();
                if (matches(filter, row)) {
                    data.add(row.detail());
                }
            }
            return new Page(data, null);
        }
    }

    private static boolean matches(Filter f, Row row) {
        long createdAt = row.accepted.content().createdAt();
        return row.accepted.kind() == DeliveryKind.NOTIFICATION
                && (f.merchant() == null || f.merchant().equals(row.accepted.merchantId()))
                && (f.endpoint() == null
                        || f.endpoint().equals(row.accepted.receiver().endpoint()))
                && (f.orderNo() == null
                        || f.orderNo().equals(row.accepted.content().orderNo()))
                && (f.state() == null || f.state() == row.state)
                && (f.eventType() == null
                        || f.eventType().equals(row.accepted.content().eventType()))
                && (f.createdFrom() == null || createdAt >= f.createdFrom())
                && (f.createdTo() == null || createdAt < f.createdTo());
    }

    @Override
    public List<Event> events(MerchantId merchant, @Nullable String after, int limit) {
        synchronized (lock) {
            long from = after == null ? 0 : Long.parseLong(after);
            return table.all()
                    .filter(r -> r.accepted.kind() == DeliveryKind.NOTIFICATION
                            && r.accepted.merchantId().equals(merchant)
                            && r.position > from)
                    .sorted(Comparator.comparingLong(r -> r.position))
                    .limit(limit)
                    .map(r -> new Event(r.detail(), Long.toString(r.position)))
                    .toList();
        }
    }

    @Override
    public Counts counts() {
        synchronized (lock) {
            Map<DeliveryState, Long> byState = new HashMap<>();
            Map<Rung, Long> byRung = new HashMap<>();
            table.all()
                    .filter(row -> row.accepted.kind() == DeliveryKind.NOTIFICATION)
                    .forEach(row -> {
                        byState.merge(row.state, 1L, Long::sum);
                        if (row.state == DeliveryState.WAITING) {
                            String ladder = Objects.requireNonNullElse(row.accepted.ladderName(), "");
                            byRung.merge(new Rung(ladder, row.rung), 1L, Long::sum);
                        }
                    });
            return new Counts(byState, byRung);
        }
    }

    @Override
    public @Nullable Long oldestOverdue() {
        synchronized (lock) {
            return table.at(WakeLocation.QUEUED)
                    .findFirst()
                    .map(row -> row.nextAttemptAt)
                    .orElse(null);
        }
    }
}
