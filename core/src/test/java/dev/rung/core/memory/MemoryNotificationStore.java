package dev.rung.core.memory;

import dev.rung.core.model.AlertKind;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Hold;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Park;
import dev.rung.core.port.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory notification store. Thread-safe: one lock, which makes every method a transaction. It outlives engines,
 * so a simulated crash is a new engine on the same store.
 */
public final class MemoryNotificationStore implements NotificationStore {
    private static final long KEY_KEPT_MILLIS = Duration.ofHours(24).toMillis();

    private final InstantSource clock;
    private final Table table = new Table();
    private final MemoryAlertStore alerts = new MemoryAlertStore();
    private final Map<Key, NewNotification> keys = new HashMap<>();
    private final MemoryNotificationCatalog catalog;
    private volatile StoreFaults faults = StoreFaults.NONE;
    private long lastId;
    /** Whether a transaction of several calls is open. */
    private boolean spanning;

    private record Key(MerchantId merchant, String key) {}

    public MemoryNotificationStore(InstantSource clock) {
        this.clock = clock;
        this.catalog = new MemoryNotificationCatalog(table, this);
    }

    /** What alerts have to report of this store. It never fails. */
    public MemoryAlertStore alerts() {
        return alerts;
    }

    /** The catalog of this store. It never fails. */
    public MemoryNotificationCatalog catalog() {
        return catalog;
    }

    /** Makes transactions fail from now on as {@code faults} says. */
    public void failing(StoreFaults faults) {
        this.faults = faults;
    }

    /** Reports every change from now on. */
    public synchronized void observedBy(StoreObserver observer) {
        table.watch(observer);
    }

    /**
     * Runs several calls, also of other stores of this database, in one transaction: it fails as a whole and is
     * isolated.
     */
    public synchronized <T> T spanning(String method, Supplier<T> body) {
        return transaction(method, () -> {
            spanning = true;
            try {
                return body.get();
            } finally {
                spanning = false;
            }
        });
    }

    private synchronized <T> T transaction(String method, Supplier<T> body) {
        StoreFaults.Fault fault = spanning ? StoreFaults.Fault.NONE : faults.next(method);
        if (fault == StoreFaults.Fault.BEFORE_COMMIT) {
            throw new StoreException(method + " was told to fail before its commit", new IllegalStateException());
        }
        T answer = body.get();
        if (fault == StoreFaults.Fault.AFTER_COMMIT) {
            throw new StoreException(method + " was told to fail after its commit", new IllegalStateException());
        }
        return answer;
    }

    @Override
    public List<Acceptance> accept(List<NewNotification> batch) {
        return transaction("accept", () -> {
            refuseTakenIds(batch);
            return batch.stream().map(this::accept).toList();
        });
    }

    private void refuseTakenIds(List<NewNotification> batch) {
        Set<NotificationId> seen = new HashSet<>();
        for (NewNotification n : batch) {
            refuseTakenIds(n.also());
            if (table.find(n.id()) != null || !seen.add(n.id())) {
                throw StoreException.idTaken(new IllegalStateException(n.id() + " is taken"));
            }
        }
    }

    private Acceptance accept(NewNotification n) {
        NewNotification.Idempotency idempotency = n.idempotency();
        if (idempotency != null) {
            NewNotification first = keys.putIfAbsent(new Key(n.merchantId(), idempotency.key()), n);
            if (first != null && first.idempotency() != null) {
                return Arrays.equals(first.idempotency().bodyDigest(), idempotency.bodyDigest())
                        ? new Acceptance.Repeated(first.id())
                        : new Acceptance.Conflicting(first.id());
            }
        }
        insert(n);
        return new Acceptance.Stored(n);
    }

    private void insert(NewNotification n) {
        table.insert(n);
        given(n.id().value());
        n.also().forEach(this::insert);
    }

    Optional<NotificationId> findAccepted(MerchantId merchant, NewNotification.Idempotency idempotency) {
        return transaction(
                "findAccepted",
                () -> Optional.ofNullable(keys.get(new Key(merchant, idempotency.key())))
                        .filter(n -> n.idempotency() != null
                                && Arrays.equals(n.idempotency().bodyDigest(), idempotency.bodyDigest()))
                        .map(NewNotification::id));
    }

    private void given(long id) {
        lastId = Math.max(lastId, id);
    }

    @Override
    public List<@Nullable Delivery> findDeliveries(List<NotificationId> ids) {
        return transaction("findDeliveries", () -> {
            List<@Nullable Delivery> found = new ArrayList<>();
            for (NotificationId id : ids) {
                Row row = table.find(id);
                found.add(row == null ? null : table.delivery(row));
            }
            return found;
        });
    }

    @Override
    public byte @Nullable [] payload(NotificationId id) {
        return transaction("payload", () -> {
            Row row = table.find(id);
            return row == null ? null : row.accepted.payload();
        });
    }

    @Override
    public List<Settled> settle(List<Settlement> batch) {
        return transaction("settle", () -> batch.stream().map(this::settle).toList());
    }

    private Settled settle(Settlement s) {
        Row row = table.find(s.wake().id());
        if (row == null) {
            return new Settled.Gone();
        }
        Attempt before = row.attempt(s.attempt().id());
        if (before != null) {
            return before.superseded() ? new Settled.Superseded() : repeated(row, s);
        }
        given(s.attempt().id());
        if (row.isCurrent(s.wake())) {
            table.record(row, s.attempt());
            Settled applied = table.change("settle", row, () -> apply(row, s));
            if (row.state == DeliveryState.EXHAUSTED && row.accepted.kind() == DeliveryKind.NOTIFICATION) {
                String merchant = Long.toString(row.accepted.merchantId().value());
                alerts.add(AlertKind.NOTIFICATIONS_EXHAUSTED, merchant, 1, null, s.endedAt());
            }
            return applied;
        }
        if (s.attempt().outcome() == Outcome.ACKNOWLEDGED && row.state != DeliveryState.DELIVERED) {
            table.record(row, s.attempt());
            return table.change("settle", row, () -> applyLateSuccess(row, s));
        }
        table.record(row, s.attempt().asSuperseded());
        return new Settled.Superseded();
    }

    private static Settled repeated(Row row, Settlement s) {
        boolean unmoved = row.isOwed()
                && row.wakeLocation == WakeLocation.QUEUED
                && row.number == s.wake().number() + 1;
        return new Settled.Applied(unmoved ? row.wake() : null, row.accepted.ordered() && !row.holdsOrder);
    }

    private static Settled apply(Row row, Settlement s) {
        row.number++;
        row.mayRepeat = false;
        row.hold = null;
        row.urgent = false;
        if (s.next() instanceof NextStep.Throttled) {
            row.throttledCount++;
            row.throttledSince = row.throttledSince == null ? s.endedAt() : row.throttledSince;
            row.forgetThrottled();
        } else {
            row.rung++;
            row.attemptsMade = Math.max(row.attemptsMade + 1, s.attempt().number());
        }
        switch (s.next()) {
            case NextStep.Retry(long dueAt) -> owe(row, dueAt, s);
            case NextStep.Throttled(long dueAt) -> owe(row, dueAt, s);
            case NextStep.Delivered() -> end(row, DeliveryState.DELIVERED, s.endedAt());
            case NextStep.Exhausted() -> end(row, DeliveryState.EXHAUSTED, s.endedAt());
            case NextStep.Unchanged() -> row.nextAttemptAt = null;
        }
        keepUrl(row, s);
        return new Settled.Applied(
                row.isOwed() && row.wakeLocation == WakeLocation.QUEUED ? row.wake() : null, released(row));
    }

    private static Settled applyLateSuccess(Row row, Settlement s) {
        row.number++;
        row.attemptsMade = Math.max(row.attemptsMade, s.attempt().number());
        row.mayRepeat = false;
        end(row, DeliveryState.DELIVERED, s.endedAt());
        keepUrl(row, s);
        return new Settled.Applied(null, released(row));
    }

    private static void owe(Row row, long dueAt, Settlement s) {
        row.nextAttemptAt = dueAt;
        row.wakeLocation = s.wakeLocation();
    }

    private static void keepUrl(Row row, Settlement s) {
        if (s.url() != null) {
            row.url = s.url();
        }
    }

    private static void end(Row row, DeliveryState state, long at) {
        row.settledAt = row.state == state && row.settledAt != null ? row.settledAt : (Long) at;
        row.state = state;
        row.hold = null;
        row.urgent = false;
        row.nextAttemptAt = null;
    }

    private static boolean released(Row row) {
        boolean released = row.holdsOrder && row.state != DeliveryState.WAITING;
        row.holdsOrder &= !released;
        return released;
    }

    @Override
    public List<Boolean> park(List<Park> batch, WakeLocation wakeLocation) {
        return transaction(
                "park",
                () -> batch.stream().map(each -> park(each, wakeLocation)).toList());
    }

    private boolean park(Park park, WakeLocation wakeLocation) {
        Wake wake = park.wake();
        Row row = table.find(wake.id());
        if (row == null
                || !row.isCurrent(wake)
                || (wakeLocation == WakeLocation.HELD_BY_ORDER && !table.isHeldByOrder(row))) {
            return false;
        }
        table.change("park", row, () -> {
            row.wakeLocation = wakeLocation;
            row.hold = new Hold(park.reason(), row.hold == null ? park.since() : row.hold.since());
            return row.number++;
        });
        return true;
    }

    @Override
    public List<Delivery> unparkHeld(BulkheadKey bulkhead, int limit) {
        return transaction("unparkHeld", () -> unpark(table.held(bulkhead).limit(limit)));
    }

    @Override
    public int countHeld(BulkheadKey bulkhead, int max) {
        return transaction(
                "countHeld", () -> (int) table.held(bulkhead).limit(max).count());
    }

    @Override
    public List<Delivery> unparkReleased(@Nullable ReceiverId receiver, @Nullable String orderNo, int limit) {
        return transaction(
                "unparkReleased",
                () -> unpark(table.at(WakeLocation.HELD_BY_ORDER)
                        .filter(r -> receiver == null || r.accepted.receiver().equals(receiver))
                        .filter(r -> orderNo == null
                                || orderNo.equals(r.accepted.content().orderNo()))
                        .filter(r -> !table.isHeldByOrder(r))
                        .limit(limit)));
    }

    private List<Delivery> unpark(Stream<Row> parked) {
        List<Delivery> unparked = new ArrayList<>();
        for (Row row : parked.toList()) {
            queue("unpark", row);
            unparked.add(table.delivery(row));
        }
        return unparked;
    }

    private void queue(String method, Row row) {
        table.change(method, row, () -> {
            row.wakeLocation = WakeLocation.QUEUED;
            return row.number++;
        });
    }

    @Override
    public List<BulkheadKey> bulkheadsHolding(@Nullable BulkheadKey after, int limit) {
        return transaction(
                "bulkheadsHolding",
                () -> table.bulkheadsHolding(after).limit(limit).toList());
    }

    @Override
    public List<Wake> queued(@Nullable Wake after, long dueUntil, int limit) {
        return transaction(
                "queued",
                () -> table.queued(after, dueUntil).limit(limit).map(Row::wake).toList());
    }

    @Override
    public List<Wake> rearm(List<Wake> lost, boolean mayRepeat) {
        return transaction("rearm", () -> {
            List<Wake> rearmed = new ArrayList<>();
            for (Wake wake : lost) {
                Row row = table.find(wake.id());
                if (row != null && row.isCurrent(wake) && row.wakeLocation == WakeLocation.QUEUED) {
                    rearmed.add(table.change("rearm", row, () -> {
                        row.number++;
                        row.mayRepeat |= mayRepeat;
                        return row.wake();
                    }));
                }
            }
            return rearmed;
        });
    }

    @Override
    public List<Wake> promoteDeferred(long dueUntil, int limit) {
        return transaction("promoteDeferred", () -> {
            List<Row> near = table.at(WakeLocation.DEFERRED)
                    .takeWhile(r -> r.wake().dueAt() <= dueUntil)
                    .limit(limit)
                    .toList();
            near.forEach(row -> queue("promoteDeferred", row));
            return near.stream().map(Row::wake).toList();
        });
    }

    @Override
    public List<@Nullable Wake> resend(List<NotificationId> ids, @Nullable String url, boolean urgent, long now) {
        return transaction("resend", () -> {
            List<@Nullable Wake> wakes = new ArrayList<>();
            for (NotificationId id : ids) {
                Row row = table.find(id);
                wakes.add(row == null ? null : table.change("resend", row, () -> resend(row, url, urgent, now)));
            }
            return wakes;
        });
    }

    private static Wake resend(Row row, @Nullable String url, boolean urgent, long now) {
        row.url = url;
        row.urgent = urgent;
        row.hold = null;
        if (row.state == DeliveryState.DELIVERED) {
            row.attemptsMax = row.attemptsMade + 1;
        } else {
            row.state = DeliveryState.WAITING;
            row.settledAt = null;
            row.rung = 0;
            row.attemptsMax = row.attemptsMade + row.accepted.ladder().attemptsMax();
        }
        row.number++;
        row.nextAttemptAt = now;
        row.wakeLocation = WakeLocation.QUEUED;
        row.holdsOrder = false;
        return row.wake();
    }

    @Override
    public Cancellation cancel(NotificationId id, long now) {
        return transaction("cancel", () -> {
            Row row = table.find(id);
            if (row == null) {
                return Cancellation.UNKNOWN;
            }
            if (row.state != DeliveryState.WAITING) {
                return Cancellation.ALREADY_SETTLED;
            }
            return table.change("cancel", row, () -> {
                end(row, DeliveryState.CANCELLED, now);
                row.number++;
                row.holdsOrder = false;
                return Cancellation.CANCELLED;
            });
        });
    }

    @Override
    public int purge(long settledBefore, int limit) {
        return transaction("purge", () -> {
            List<Row> old = table.all()
                    .filter(r -> r.settledAt != null && r.settledAt < settledBefore && !r.isOwed())
                    .filter(r -> r.accepted.idempotency() == null
                            || r.accepted.content().createdAt() <= clock.millis() - KEY_KEPT_MILLIS
                                    && table.also(r.id()).findAny().isEmpty())
                    .limit(limit)
                    .toList();
            for (Row row : old) {
                table.delete(row);
                if (row.accepted.idempotency() != null) {
                    keys.remove(new Key(
                            row.accepted.merchantId(),
                            row.accepted.idempotency().key()));
                }
            }
            return old.size();
        });
    }

    @Override
    public long lastId() {
        return transaction("lastId", () -> lastId);
    }

    @Override
    public long now() {
        return clock.millis();
    }
}
