package dev.rung.store.sqlite;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Park;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.Ladders;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Notifications in SQLite. Thread-safe. */
final class SqliteNotificationStore implements NotificationStore {
    private static final String QUEUED_WAKES = CodedSql.of("""
            SELECT id, wake_number, next_attempt_at FROM delivery INDEXED BY delivery_queued
             WHERE wake_location = {WakeLocation.QUEUED} AND next_attempt_at IS NOT NULL""");
    private static final String QUEUED =
            QUEUED_WAKES + " AND next_attempt_at <= ? ORDER BY next_attempt_at, id LIMIT ?";
    // Two statements, so that a million wakes due in the same millisecond need a seek and not a scan.
    private static final String QUEUED_SAME_TIME =
            QUEUED_WAKES + " AND next_attempt_at = ? AND id > ? ORDER BY id LIMIT ?";
    private static final String QUEUED_LATER =
            QUEUED_WAKES + " AND next_attempt_at > ? AND next_attempt_at <= ? ORDER BY next_attempt_at, id LIMIT ?";
    private static final String DEFERRED = CodedSql.of("""
            SELECT id FROM delivery INDEXED BY delivery_deferred
             WHERE wake_location = {WakeLocation.DEFERRED} AND next_attempt_at IS NOT NULL AND next_attempt_at <= ?
             ORDER BY next_attempt_at, id LIMIT ?""");
    private static final String LADDER = "SELECT ladder FROM notification WHERE position = ?";

    private final SqliteDatabase database;
    private final InstantSource clock;
    private final NotificationPurge purge;

    SqliteNotificationStore(SqliteDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.purge = new NotificationPurge(database, clock);
    }

    @Override
    public List<Acceptance> accept(List<NewNotification> batch) {
        return database.write(tx -> NotificationInserts.accept(tx, batch));
    }

    @Override
    public List<@Nullable Delivery> findDeliveries(List<NotificationId> ids) {
        return database.read(session -> DeliveryReader.look(session, ids));
    }

    @Override
    public byte @Nullable [] payload(NotificationId id) {
        return database.<byte @Nullable []>read(session -> DeliveryReader.payload(session, id));
    }

    @Override
    public List<Settled> settle(List<Settlement> batch) {
        return database.write(tx -> Settlements.settle(tx, batch));
    }

    @Override
    public List<Boolean> park(List<Park> batch, WakeLocation wakeLocation) {
        return database.write(tx -> ParkedDeliveries.park(tx, batch, wakeLocation));
    }

    @Override
    public List<Delivery> unparkHeld(BulkheadKey bulkhead, int limit) {
        return database.write(tx -> ParkedDeliveries.unparkHeld(tx, bulkhead, limit));
    }

    @Override
    public int countHeld(BulkheadKey bulkhead, int max) {
        return database.browse(session -> ParkedDeliveries.count(session, bulkhead, max));
    }

    @Override
    public List<Delivery> unparkReleased(@Nullable ReceiverId receiver, @Nullable String orderNo, int limit) {
        if (receiver != null && orderNo != null) {
            return database.write(tx -> ParkedDeliveries.unparkReleased(tx, receiver, orderNo, limit));
        }
        List<NotificationId> released = database.read(session -> ParkedDeliveries.released(session, limit));
        return released.isEmpty() ? List.of() : database.write(tx -> ParkedDeliveries.unparkReleased(tx, released));
    }

    @Override
    public List<BulkheadKey> bulkheadsHolding(@Nullable BulkheadKey after, int limit) {
        return database.read(session -> ParkedDeliveries.bulkheadsHolding(session, after, limit));
    }

    @Override
    public List<Wake> queued(@Nullable Wake after, long dueUntil, int limit) {
        return database.read(session -> {
            if (after == null) {
                return session.list(QUEUED, SqliteNotificationStore::wake, dueUntil, limit);
            }
            List<Wake> found = new ArrayList<>();
            if (after.dueAt() <= dueUntil) {
                found.addAll(session.list(
                        QUEUED_SAME_TIME,
                        SqliteNotificationStore::wake,
                        after.dueAt(),
                        after.id().value(),
                        limit));
            }
            if (found.size() < limit) {
                found.addAll(session.list(
                        QUEUED_LATER, SqliteNotificationStore::wake, after.dueAt(), dueUntil, limit - found.size()));
            }
            return found;
        });
    }

    private static Wake wake(ResultSet row) throws SQLException {
        return new Wake(
                new NotificationId(row.getLong("id")), row.getInt("wake_number"), row.getLong("next_attempt_at"));
    }

    @Override
    public List<Wake> rearm(List<Wake> lost, boolean mayRepeat) {
        return database.write(tx -> {
            List<Wake> rearmed = new ArrayList<>();
            List<SqliteDeliveryRow> changed = new ArrayList<>();
            List<@Nullable SqliteDeliveryRow> rows =
                    tx.load(lost.stream().map(Wake::id).toList());
            for (int i = 0; i < lost.size(); i++) {
                SqliteDeliveryRow row = rows.get(i);
                if (row != null
                        && row.isCurrent(lost.get(i))
                        && row.nextAttemptAt != null
                        && row.wakeLocation == WakeLocation.QUEUED) {
                    row.mayRepeat |= mayRepeat;
                    rearmed.add(row.queue(row.nextAttemptAt));
                    changed.add(row);
                }
            }
            tx.save(changed);
            return rearmed;
        });
    }

    @Override
    public List<Wake> promoteDeferred(long dueUntil, int limit) {
        return database.write(tx -> {
            List<Wake> near = new ArrayList<>();
            List<SqliteDeliveryRow> changed = new ArrayList<>();
            for (SqliteDeliveryRow row :
                    tx.load(tx.session.list(DEFERRED, r -> new NotificationId(r.getLong("id")), dueUntil, limit))) {
                if (row != null && row.nextAttemptAt != null) {
                    near.add(row.queue(row.nextAttemptAt));
                    changed.add(row);
                }
            }
            tx.save(changed);
            return near;
        });
    }

    @Override
    public List<@Nullable Wake> resend(List<NotificationId> ids, @Nullable String url, boolean urgent, long now) {
        return database.write(tx -> {
            List<@Nullable Wake> wakes = new ArrayList<>();
            for (NotificationId id : ids) {
                SqliteDeliveryRow row = tx.load(id);
                wakes.add(row == null ? null : resend(tx, row, url, urgent, now));
            }
            return wakes;
        });
    }

    private static Wake resend(
            WriteTransaction tx, SqliteDeliveryRow row, @Nullable String url, boolean urgent, long now)
            throws SQLException {
        if (row.state != DeliveryState.DELIVERED) {
            row.listed = row.position <= tx.horizon() && row.kind == DeliveryKind.NOTIFICATION;
        }
        String steps = Objects.requireNonNull(tx.session.first(LADDER, r -> r.getString("ladder"), row.position));
        Wake wake = row.resend(Ladders.parse(steps), url, urgent, now);
        tx.save(row);
        return wake;
    }

    @Override
    public Cancellation cancel(NotificationId id, long now) {
        return database.write(tx -> {
            SqliteDeliveryRow row = tx.load(id);
            if (row == null) {
                return Cancellation.UNKNOWN;
            }
            if (row.state != DeliveryState.WAITING) {
                return Cancellation.ALREADY_SETTLED;
            }
            row.cancel(now);
            tx.save(row);
            return Cancellation.CANCELLED;
        });
    }

    @Override
    public int purge(long settledBefore, int limit) {
        return purge.run(settledBefore, limit);
    }

    @Override
    public long lastId() {
        return database.state().lastId();
    }

    @Override
    public long now() {
        return clock.millis();
    }
}
