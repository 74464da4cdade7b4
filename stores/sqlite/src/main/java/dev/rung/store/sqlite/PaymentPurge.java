package dev.rung.store.sqlite;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Deletes the timelines and callbacks of payments that ended before a given time. Uses small transactions, so that other writers wait
 * only milliseconds.
 */
final class PaymentPurge {
    private static final int BATCH = 100;

    private static final String OLD = """
            SELECT id FROM payment INDEXED BY payment_timeline
             WHERE timeline_until IS NOT NULL AND timeline_until < ? AND amount_refunding = 0
             ORDER BY timeline_until LIMIT ?""";
    private static final String STILL_OLD =
            "SELECT 1 FROM payment WHERE id = ? AND timeline_until < ? AND amount_refunding = 0";
    private static final String DELETE_EVENTS = "DELETE FROM payment_event WHERE payment_id = ?";
    private static final String DELETE_CALLBACKS = "DELETE FROM payment_callback WHERE payment_id = ?";
    private static final String UNMARK = "UPDATE payment SET timeline_until = NULL WHERE id = ?";
    private static final String DELETE_STRAYS = """
            DELETE FROM payment_callback
             WHERE id IN (SELECT c.id
                            FROM payment_callback c INDEXED BY payment_callback_orphan
                            JOIN discrepancy d ON d.id = c.discrepancy_id
                           WHERE c.discrepancy_id IS NOT NULL AND c.payment_id IS NULL AND d.resolved_at < ?
                           LIMIT ?)""";

    private PaymentPurge() {}

    static int run(SqliteDatabase database, Instant before, int limit) {
        long then = before.toEpochMilli();
        int done = database.write(tx -> tx.session.update(DELETE_STRAYS, then, Math.min(BATCH, limit)));
        while (done < limit) {
            int most = Math.min(BATCH, limit - done);
            List<Long> old = database.browse(s -> s.list(OLD, r -> r.getLong(1), then, most));
            if (old.isEmpty()) {
                break;
            }
            done += database.write(tx -> delete(tx, old, then));
        }
        return done;
    }

    private static int delete(WriteTransaction tx, List<Long> old, long before) throws SQLException {
        int deleted = 0;
        for (Long id : old) {
            // The timeline may have grown since the scan, or a refund may have begun.
            if (tx.session.first(STILL_OLD, r -> r.getInt(1), id, before) != null) {
                tx.session.update(DELETE_EVENTS, id);
                tx.session.update(DELETE_CALLBACKS, id);
                tx.session.update(UNMARK, id);
                deleted++;
            }
        }
        return deleted;
    }
}
