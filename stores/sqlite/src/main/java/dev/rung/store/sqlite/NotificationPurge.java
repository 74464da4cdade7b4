package dev.rung.store.sqlite;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NotificationId;
import dev.rung.store.common.NullableColumns;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes notifications settled before a given time. It needs no index: it scans from the oldest in short reads and keeps its position. One
 * purge at a time.
 */
final class NotificationPurge {
    private static final Duration KEY_KEPT = Duration.ofHours(24);

    /** Rows scanned by one read. */
    private static final int WINDOW = 10_000;

    /** Maximum deleted in one transaction, so that other writers wait only some milliseconds. */
    private static final int BATCH = 200;

    private static final String OLD = """
            SELECT d.id
              FROM (SELECT id, position, settled_at, next_attempt_at FROM delivery
                     WHERE id > ?1 AND id <= ?2 ORDER BY id) d
              CROSS JOIN notification n ON n.position = d.position
             WHERE d.next_attempt_at IS NULL AND d.settled_at < ?3
               AND (n.idempotency_key IS NULL
                 OR n.created_at <= ?4
                   AND NOT EXISTS (SELECT 1 FROM notification other
                                    WHERE other.merchant_id = n.merchant_id AND other.event_id = n.id
                                      AND other.event_id IS NOT NULL))
             LIMIT ?5""";
    private static final String WINDOW_END = """
            SELECT max(id) AS id FROM (SELECT id FROM delivery WHERE id > ? AND id <= ? ORDER BY id LIMIT ?)""";
    private static final String UNLIST_MERCHANT =
            "DELETE FROM notification_by_merchant WHERE merchant_id = ? AND position = ?";
    private static final String UNLIST_ORDER = """
            DELETE FROM notification_by_order_no
             WHERE order_no = (SELECT order_no FROM notification WHERE position = ?) AND position = ?""";
    private static final String DELETE_ATTEMPTS = "DELETE FROM attempt WHERE notification_id = ?";
    private static final String DELETE = "DELETE FROM notification WHERE position = ?";
    private static final String DELETE_DELIVERY = "DELETE FROM delivery WHERE id = ?";

    private final SqliteDatabase database;
    private final InstantSource clock;
    private long walkedTo;

    NotificationPurge(SqliteDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The number deleted; below the limit none is left. */
    synchronized int run(long settledBefore, int limit) {
        int deleted = 0;
        while (deleted < limit) {
            List<NotificationId> old = find(settledBefore, Math.min(BATCH, limit - deleted));
            if (old.isEmpty()) {
                break;
            }
            deleted += database.write(tx -> delete(tx, old, settledBefore));
        }
        return deleted;
    }

    /** Continues where the last scan ended; at the end starts once from the beginning. */
    private List<NotificationId> find(long settledBefore, int limit) {
        long start = walkedTo;
        List<NotificationId> old = walk(Long.MAX_VALUE, settledBefore, limit);
        if (old.isEmpty() && start > 0) {
            walkedTo = 0;
            old = walk(start, settledBefore, limit);
        }
        return old;
    }

    private List<NotificationId> walk(long end, long settledBefore, int limit) {
        long keysUntil = clock.millis() - KEY_KEPT.toMillis();
        // No notification is settled before its creation, and no id is further ahead of its creation than this.
        long newest = Math.min(end, Ids.first(settledBefore) + database.state().ahead());
        while (walkedTo < newest) {
            long from = walkedTo;
            Long to = database.browse(
                    s -> s.first(WINDOW_END, r -> NullableColumns.number(r, "id"), from, newest, WINDOW));
            if (to == null) {
                break;
            }
            List<NotificationId> old = database.browse(
                    s -> s.list(OLD, r -> new NotificationId(r.getLong(1)), from, to, settledBefore, keysUntil, limit));
            walkedTo = old.size() < limit ? to : old.getLast().value();
            if (!old.isEmpty()) {
                return old;
            }
        }
        return List.of();
    }

    private static int delete(WriteTransaction tx, List<NotificationId> old, long settledBefore) throws SQLException {
        List<@Nullable Object[]> ids = new ArrayList<>();
        List<@Nullable Object[]> positions = new ArrayList<>();
        List<@Nullable Object[]> merchants = new ArrayList<>();
        List<@Nullable Object[]> orders = new ArrayList<>();
        for (SqliteDeliveryRow row : tx.load(old)) {
            if (row != null && isOld(row, settledBefore)) {
                ids.add(new @Nullable Object[] {row.id.value()});
                positions.add(new @Nullable Object[] {row.position});
                merchants.add(new @Nullable Object[] {row.receiver.merchant().value(), row.position});
                orders.add(new @Nullable Object[] {row.position, row.position});
                tx.counts.deleted(row);
            }
        }
        tx.session.updateEach(UNLIST_MERCHANT, merchants);
        tx.session.updateEach(UNLIST_ORDER, orders);
        tx.session.updateEach(DELETE_ATTEMPTS, ids);
        tx.session.updateEach(DELETE, positions);
        tx.session.updateEach(DELETE_DELIVERY, ids);
        return ids.size();
    }

    /** Checks again, because it may have been resent since the scan. */
    private static boolean isOld(SqliteDeliveryRow row, long settledBefore) {
        @Nullable Long settledAt = row.settledAt;
        return row.state != DeliveryState.WAITING
                && row.nextAttemptAt == null
                && settledAt != null
                && settledAt < settledBefore;
    }
}
