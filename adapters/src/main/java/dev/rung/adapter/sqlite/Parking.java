package dev.rung.adapter.sqlite;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Owed;
import dev.rung.core.model.Place;
import dev.rung.core.model.Wake;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parks what cannot be attempted now, and takes it back. */
final class Parking {
    private static final String ORDER_NO = "SELECT order_no FROM content WHERE position = ?";
    private static final String HELD_BY_MERCHANT = """
            SELECT id FROM notification
             WHERE place = 1 AND next_attempt_at IS NOT NULL AND merchant_id = ?
             ORDER BY next_attempt_at, id LIMIT ?""";
    // The first of an order is the only one that nothing holds back.
    private static final String FIRST_OF_ORDER = """
            SELECT n.id
              FROM (SELECT notification_id FROM ordered_mark
                     WHERE merchant_id = ? AND order_no = ? ORDER BY position LIMIT 1) m
              CROSS JOIN notification n ON n.id = m.notification_id
             WHERE n.place = 2 AND n.next_attempt_at IS NOT NULL LIMIT ?""";
    private static final String RELEASED = """
            SELECT n.id
              FROM notification n INDEXED BY notification_held_by_order
              CROSS JOIN content c ON c.position = n.position
             WHERE n.place = 2 AND n.next_attempt_at IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM ordered_mark m
                                WHERE m.merchant_id = n.merchant_id AND m.order_no = c.order_no AND m.position < n.position)
             ORDER BY n.position LIMIT ?""";
    private static final String NEXT_HOLDING = """
            SELECT merchant_id FROM notification INDEXED BY notification_held
             WHERE place = 1 AND next_attempt_at IS NOT NULL AND merchant_id > ? ORDER BY merchant_id LIMIT 1""";

    private Parking() {}

    static List<Boolean> park(Tx tx, List<Wake> wakes, Place place) throws SQLException {
        List<Boolean> parked = new ArrayList<>(wakes.size());
        for (Wake wake : wakes) {
            parked.add(park(tx, wake, place));
        }
        return parked;
    }

    private static boolean park(Tx tx, Wake wake, Place place) throws SQLException {
        Row row = tx.load(wake.id());
        if (row == null || !row.isCurrent(wake) || place == Place.HELD_BY_ORDER && !hasPredecessor(tx, row)) {
            return false;
        }
        row.place = place;
        row.wake++;
        tx.save(row);
        return true;
    }

    private static boolean hasPredecessor(Tx tx, Row row) throws SQLException {
        String orderNo = tx.session.first(ORDER_NO, r -> r.getString(1), row.position);
        return row.ordered && Looks.hasPredecessor(tx.session, new MerchantId(row.merchantId), orderNo, row.position);
    }

    static List<Owed> pullHeldByMerchant(Tx tx, MerchantId merchant, int limit) throws SQLException {
        return pull(tx, tx.session.list(HELD_BY_MERCHANT, Parking::id, merchant.value(), limit));
    }

    static List<Owed> pullReleased(Tx tx, MerchantId merchant, String orderNo, int limit) throws SQLException {
        return pull(tx, tx.session.list(FIRST_OF_ORDER, Parking::id, merchant.value(), orderNo, limit));
    }

    /** Those of any order that a pull has missed: reads all that are held. */
    static List<NotificationId> released(Session session, int limit) throws SQLException {
        return session.list(RELEASED, Parking::id, limit);
    }

    /** Takes back those that nothing holds back any more. */
    static List<Owed> pullReleased(Tx tx, List<NotificationId> ids) throws SQLException {
        List<NotificationId> free = new ArrayList<>();
        for (NotificationId id : ids) {
            Row row = tx.load(id);
            if (row != null
                    && row.nextAttemptAt != null
                    && row.place == Place.HELD_BY_ORDER
                    && !hasPredecessor(tx, row)) {
                free.add(id);
            }
        }
        return pull(tx, free);
    }

    private static List<Owed> pull(Tx tx, List<NotificationId> ids) throws SQLException {
        List<Owed> pulled = new ArrayList<>(ids.size());
        for (NotificationId id : ids) {
            Row row = tx.load(id);
            if (row == null || row.nextAttemptAt == null) {
                throw new IllegalStateException(id + " is held, but its record owes nothing");
            }
            row.queue(row.nextAttemptAt);
            tx.save(row);
            Owed owed = Looks.look(tx.session, tx.ladders, id);
            if (owed == null) {
                throw new IllegalStateException(id + " has no content");
            }
            pulled.add(owed);
        }
        return pulled;
    }

    static List<MerchantId> merchantsHolding(Session session, @Nullable MerchantId after, int limit)
            throws SQLException {
        List<MerchantId> found = new ArrayList<>();
        Long last = after == null ? -1L : (Long) after.value();
        while (found.size() < limit) {
            last = session.first(NEXT_HOLDING, r -> r.getLong(1), last);
            if (last == null) {
                break;
            }
            found.add(new MerchantId(last));
        }
        return found;
    }

    private static NotificationId id(ResultSet row) throws SQLException {
        return new NotificationId(row.getLong(1));
    }
}
