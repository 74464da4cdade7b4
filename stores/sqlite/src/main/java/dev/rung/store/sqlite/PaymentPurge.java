package dev.rung.store.sqlite;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ids;
import dev.rung.payments.model.PaymentState;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Deletes the timelines and callbacks of payments that ended before a given time, and whole payments of long ago. Uses small transactions, so that other writers wait
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

    static final String OLD_RECORDS = """
            SELECT id FROM payment p
             WHERE id < ? AND state IN (2, 3, 4) AND amount_refunding = 0
               AND NOT EXISTS (SELECT 1 FROM discrepancy d WHERE d.payment_id = p.id AND d.resolved_at IS NULL)
             ORDER BY id LIMIT ?""";
    private static final String STILL_OLD_RECORD = """
            SELECT state FROM payment p
             WHERE id = ? AND state IN (2, 3, 4) AND amount_refunding = 0
               AND NOT EXISTS (SELECT 1 FROM discrepancy d WHERE d.payment_id = p.id AND d.resolved_at IS NULL)""";
    static final List<String> DELETE_RECORD = List.of(
            DELETE_EVENTS,
            DELETE_CALLBACKS,
            "DELETE FROM refund WHERE payment_id = ?",
            "DELETE FROM discrepancy WHERE payment_id = ?",
            "DELETE FROM payment WHERE id = ?");
    private static final String OLD_STRAYS =
            "SELECT id FROM discrepancy WHERE id < ? AND payment_id IS NULL AND resolved_at < ? ORDER BY id LIMIT ?";
    static final List<String> DELETE_STRAY =
            List.of("DELETE FROM payment_callback WHERE discrepancy_id = ?", "DELETE FROM discrepancy WHERE id = ?");

    private PaymentPurge() {}

    /** Deletes what belongs to no payment in batches of at most so many, until none is left or the limit is reached. */
    private static int strays(int limit, IntUnaryOperator batch) {
        int done = 0;
        int most;
        int deleted;
        do {
            most = Math.min(BATCH, limit - done);
            deleted = most == 0 ? 0 : batch.applyAsInt(most);
            done += deleted;
        } while (most > 0 && deleted == most);
        return done;
    }

    static int runRecords(SqliteDatabase database, Instant before, int limit) {
        long then = before.toEpochMilli();
        long below = Ids.first(then);
        int done = strays(limit, most -> database.write(tx -> deleteStrays(tx, below, then, most)));
        while (done < limit) {
            int most = Math.min(BATCH, limit - done);
            List<Long> old = database.browse(s -> s.list(OLD_RECORDS, r -> r.getLong(1), below, most));
            int deleted = old.isEmpty() ? 0 : database.write(tx -> deleteRecords(tx, old));
            if (deleted == 0) {
                break;
            }
            done += deleted;
        }
        return done;
    }

    private static int deleteStrays(WriteTransaction tx, long below, long then, int limit) throws SQLException {
        List<Long> old = tx.session.list(OLD_STRAYS, r -> r.getLong(1), below, then, limit);
        for (Long id : old) {
            for (String statement : DELETE_STRAY) {
                tx.session.update(statement, id);
            }
        }
        return old.size();
    }

    private static int deleteRecords(WriteTransaction tx, List<Long> old) throws SQLException {
        int deleted = 0;
        for (Long id : old) {
            // A refund or a discrepancy may have begun since the scan.
            Integer state = tx.session.first(STILL_OLD_RECORD, r -> r.getInt(1), id);
            if (state != null) {
                for (String statement : DELETE_RECORD) {
                    tx.session.update(statement, id);
                }
                tx.count(CodedEnum.ofCode(PaymentState.class, state), -1);
                deleted++;
            }
        }
        return deleted;
    }

    static int run(SqliteDatabase database, Instant before, int limit) {
        long then = before.toEpochMilli();
        int done = strays(limit, most -> database.write(tx -> tx.session.update(DELETE_STRAYS, then, most)));
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
