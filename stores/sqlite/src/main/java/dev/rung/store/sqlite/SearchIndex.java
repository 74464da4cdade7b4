package dev.rung.store.sqlite;

import dev.rung.store.common.CodedSql;
import java.sql.SQLException;

/**
 * Maintains the search tables in the background, in batches: indexes updated with each notification would cost more than the notification
 * itself. Notifications beyond the horizon are found by a scan, which stays short because this index follows closely.
 */
final class SearchIndex {
    private static final int STEP = 4096;

    // Sorted, so that adjacent index entries are written together.
    private static final String BY_MERCHANT = CodedSql.of("""
            INSERT OR IGNORE INTO notification_by_merchant (merchant_id, position)
            SELECT merchant_id, position FROM notification
             WHERE position > ? AND position <= ? AND kind = {DeliveryKind.NOTIFICATION} ORDER BY merchant_id, position""");
    private static final String BY_ORDER_NO = CodedSql.of("""
            INSERT OR IGNORE INTO notification_by_order_no (order_no, position)
            SELECT order_no, position FROM notification
             WHERE position > ? AND position <= ? AND order_no IS NOT NULL AND kind = {DeliveryKind.NOTIFICATION}
             ORDER BY order_no, position""");
    // Most have been delivered by now and need no change.
    private static final String WAITING = CodedSql.of("""
            UPDATE delivery SET listed = 1
             WHERE id IN (SELECT id FROM notification
                           WHERE position > ? AND position <= ? AND kind = {DeliveryKind.NOTIFICATION})
               AND state = {DeliveryState.WAITING} AND listed = 0""");

    private SearchIndex() {}

    /** Runs one step; returns the number of notifications indexed. */
    static Integer advance(WriteTransaction tx) throws SQLException {
        long from = tx.horizon();
        long to = Math.min(tx.lastPosition(), from + STEP);
        tx.session.update(BY_MERCHANT, from, to);
        tx.session.update(BY_ORDER_NO, from, to);
        tx.session.update(WAITING, from, to);
        tx.indexedUpTo(to);
        return (int) (to - from);
    }
}
