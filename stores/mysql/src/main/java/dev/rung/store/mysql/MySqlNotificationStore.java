package dev.rung.store.mysql;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Park;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.DeliveryRow;
import dev.rung.store.common.Ladders;
import dev.rung.store.common.NotificationRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Notifications in MySQL or MariaDB. Thread-safe; several servers may share the database.
 *
 * <p>Uses read committed. Transactions decide only from rows that they have locked; {@link ParkedDeliveries} takes parked deliveries back.
 */
public final class MySqlNotificationStore implements NotificationStore {
    private static final String PAYLOAD = "SELECT payload FROM notification WHERE id = ?";

    private static final String QUEUED_WAKES = CodedSql.of("SELECT " + NotificationRows.WAKE + """
             FROM delivery d FORCE INDEX (delivery_due)
            WHERE d.wake_location = {WakeLocation.QUEUED} AND\s""");
    // Two statements, so that a million wakes due in the same millisecond need a seek and not a scan.
    private static final String QUEUED_SAME_TIME =
            QUEUED_WAKES + "d.next_attempt_at = ? AND d.id > ? ORDER BY d.id LIMIT ?";
    private static final String QUEUED_LATER =
            QUEUED_WAKES + "d.next_attempt_at > ? AND d.next_attempt_at <= ? ORDER BY d.next_attempt_at, d.id LIMIT ?";

    /** Skips locked rows: waiting while rows are locked out of id order could deadlock. */
    private static final String DEFERRED = CodedSql.of("""
            SELECT d.* FROM delivery d FORCE INDEX (delivery_due)
            WHERE d.wake_location = {WakeLocation.DEFERRED} AND d.next_attempt_at <= ?
            ORDER BY d.next_attempt_at, d.id LIMIT ? FOR UPDATE SKIP LOCKED
            """);

    private static final String LADDERS = "SELECT id, ladder FROM notification WHERE id IN (%s)";

    private static final String LAST_ID = """
            SELECT greatest(coalesce((SELECT max(id) FROM notification), 0), coalesce((SELECT max(id) FROM last_attempt), 0))
            """;

    static final String NOW = "SELECT CAST(unix_timestamp(sysdate(3)) * 1000 AS SIGNED)";

    private final MySqlDatabase database;

    MySqlNotificationStore(MySqlDatabase database) {
        this.database = database;
    }

    @Override
    public List<Acceptance> accept(List<NewNotification> batch) {
        return batch.isEmpty()
                ? List.of()
                : database.transaction(connection -> NotificationInserts.accept(connection, batch));
    }

    @Override
    public List<@Nullable Delivery> findDeliveries(List<NotificationId> ids) {
        return ids.isEmpty() ? List.of() : database.single(connection -> DeliveryReader.find(connection, ids));
    }

    @Override
    public byte @Nullable [] payload(NotificationId id) {
        List<byte[]> found = database.rows(PAYLOAD, p -> p.number(id.value()), row -> row.getBytes("payload"));
        return found.isEmpty() ? null : found.getFirst();
    }

    @Override
    public List<Settled> settle(List<Settlement> batch) {
        return batch.isEmpty() ? List.of() : database.transaction(connection -> Settlements.settle(connection, batch));
    }

    @Override
    public List<Boolean> park(List<Park> batch, WakeLocation wakeLocation) {
        if (wakeLocation == WakeLocation.QUEUED) {
            throw new IllegalArgumentException("a delivery cannot be parked in the queue");
        }
        return batch.isEmpty()
                ? List.of()
                : database.transaction(connection -> ParkedDeliveries.park(connection, batch, wakeLocation));
    }

    @Override
    public List<Delivery> unparkHeld(BulkheadKey bulkhead, int limit) {
        return database.transaction(connection -> ParkedDeliveries.unparkHeld(connection, bulkhead, limit));
    }

    @Override
    public int countHeld(BulkheadKey bulkhead, int max) {
        return database.single(connection -> ParkedDeliveries.count(connection, bulkhead, max));
    }

    @Override
    public List<Delivery> unparkReleased(@Nullable ReceiverId receiver, @Nullable String orderNo, int limit) {
        return database.transaction(
                connection -> ParkedDeliveries.unparkReleased(connection, receiver, orderNo, limit));
    }

    @Override
    public List<BulkheadKey> bulkheadsHolding(@Nullable BulkheadKey after, int limit) {
        return database.single(connection -> ParkedDeliveries.bulkheadsHolding(connection, after, limit));
    }

    @Override
    public List<Wake> queued(@Nullable Wake after, long dueUntil, int limit) {
        List<Wake> found = new ArrayList<>();
        if (after != null && after.dueAt() <= dueUntil) {
            found.addAll(database.rows(
                    QUEUED_SAME_TIME,
                    p -> p.number(after.dueAt()).number(after.id().value()).number(limit),
                    NotificationRows::wake));
        }
        if (found.size() < limit) {
            found.addAll(database.rows(
                    QUEUED_LATER,
                    p -> p.number(after == null ? Long.MIN_VALUE : after.dueAt())
                            .number(dueUntil)
                            .number(limit - found.size()),
                    NotificationRows::wake));
        }
        return found;
    }

    @Override
    public List<Wake> rearm(List<Wake> lost, boolean mayRepeat) {
        return database.transaction(connection -> {
            Map<NotificationId, DeliveryRow> rows = LockedDeliveries.lock(
                    connection, lost.stream().map(Wake::id).toList());
            List<Wake> rearmed = new ArrayList<>();
            List<DeliveryRow> changed = new ArrayList<>();
            for (Wake wake : lost) {
                DeliveryRow row = rows.get(wake.id());
                if (row != null
                        && row.isCurrent(wake)
                        && row.nextAttemptAt != null
                        && row.wakeLocation == WakeLocation.QUEUED) {
                    row.mayRepeat |= mayRepeat;
                    rearmed.add(row.queue(row.nextAttemptAt));
                    changed.add(row);
                }
            }
            LockedDeliveries.save(connection, changed);
            return rearmed;
        });
    }

    @Override
    public List<Wake> promoteDeferred(long dueUntil, int limit) {
        return database.transaction(connection -> {
            List<DeliveryRow> near = MySqlDatabase.rows(
                    connection, DEFERRED, p -> p.number(dueUntil).number(limit), DeliveryRow::new);
            LockedDeliveries.queue(connection, near);
            return near.stream()
                    .map(row -> Objects.requireNonNull(row.queuedWake()))
                    .toList();
        });
    }

    @Override
    public List<@Nullable Wake> resend(List<NotificationId> ids, @Nullable String url, boolean urgent, long now) {
        return database.transaction(connection -> {
            Map<NotificationId, DeliveryRow> rows = LockedDeliveries.lock(connection, ids);
            Map<NotificationId, Ladder> ladders = ladders(connection, ids);
            List<@Nullable Wake> wakes = new ArrayList<>(ids.size());
            for (NotificationId id : ids) {
                DeliveryRow row = rows.get(id);
                Ladder ladder = ladders.get(id);
                wakes.add(row == null || ladder == null ? null : row.resend(ladder, url, urgent, now));
            }
            LockedDeliveries.save(connection, rows.values());
            return wakes;
        });
    }

    private static Map<NotificationId, Ladder> ladders(Connection connection, List<NotificationId> ids)
            throws SQLException {
        Map<NotificationId, Ladder> ladders = HashMap.newHashMap(ids.size());
        MySqlDatabase.rows(
                connection,
                LockedDeliveries.withIds(LADDERS, ids),
                p -> {},
                row -> ladders.put(new NotificationId(row.getLong("id")), Ladders.parse(row.getString("ladder")))
                        == null);
        return ladders;
    }

    @Override
    public Cancellation cancel(NotificationId id, long now) {
        return database.transaction(connection -> {
            DeliveryRow row = LockedDeliveries.lock(connection, List.of(id)).get(id);
            if (row == null) {
                return Cancellation.UNKNOWN;
            }
            if (row.state != DeliveryState.WAITING) {
                return Cancellation.ALREADY_SETTLED;
            }
            row.cancel(now);
            LockedDeliveries.save(connection, List.of(row));
            return Cancellation.CANCELLED;
        });
    }

    @Override
    public int purge(long settledBefore, int limit) {
        return database.transaction(
                connection -> NotificationPurge.run(connection, database.dialect(), settledBefore, limit));
    }

    @Override
    public long lastId() {
        return database.rows(LAST_ID, p -> {}, row -> row.getLong(1)).getFirst();
    }

    @Override
    public long now() {
        return database.rows(NOW, p -> {}, row -> row.getLong(1)).getFirst();
    }
}
