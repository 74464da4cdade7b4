package dev.rung.store.sqlite;

import java.sql.SQLException;

/**
 * Writes what searching needs, behind the newest notifications and in batches: an index that every notification enters on its way would
 * cost more than the notification itself. What lies beyond the horizon is found by a scan, which stays short because this follows.
 */
final class SearchIndex {
    private static final int STEP = 4096;

    // Sorted, so that neighbours in an index are written together.
    private static final String BY_MERCHANT = """
            INSERT OR IGNORE INTO by_merchant (merchant_id, position)
            SELECT merchant_id, position FROM content
             WHERE position > ? AND position <= ? AND merchant_id >= 1024 ORDER BY merchant_id, position""";
    private static final String BY_ORDER = """
            INSERT OR IGNORE INTO by_order (order_no, position)
            SELECT order_no, position FROM content
             WHERE position > ? AND position <= ? AND order_no IS NOT NULL AND merchant_id >= 1024 ORDER BY order_no, position""";
    // Most have been delivered by now and are not touched.
    private static final String WAITING = """
            UPDATE notification SET listed = 1
             WHERE id IN (SELECT notification_id FROM content
                           WHERE position > ? AND position <= ? AND merchant_id >= 1024)
               AND state = 0 AND listed = 0""";

    private SearchIndex() {}

    /** One step; answers how many notifications it went on. */
    static Integer advance(WriteTransaction tx) throws SQLException {
        long from = tx.horizon();
        long to = Math.min(tx.lastPosition(), from + STEP);
        tx.session.update(BY_MERCHANT, from, to);
        tx.session.update(BY_ORDER, from, to);
        tx.session.update(WAITING, from, to);
        tx.indexedUpTo(to);
        return (int) (to - from);
    }
}
