package dev.rung.store.sqlite;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parks what cannot be attempted now, and takes it back. */
final class ParkedDeliveries {
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

    private ParkedDeliveries() {}

    static List<Boolean> park(WriteTransaction tx, List<Wake> wakes, WakeLocation wakeLocation) throws SQLException {
        List<DeliveryRow> parked = new ArrayList<>();
        List<Boolean> answers = new ArrayList<>(wakes.size());
        List<@Nullable DeliveryRow> rows = tx.load(wakes.stream().map(Wake::id).toList());
        for (int i = 0; i < wakes.size(); i++) {
            DeliveryRow row = rows.get(i);
            boolean parks = row != null
                    && row.isCurrent(wakes.get(i))
                    && (wakeLocation != WakeLocation.HELD_BY_ORDER || hasPredecessor(tx, row));
            answers.add(parks);
            if (row != null && parks) {
                row.wakeLocation = wakeLocation;
                row.wake++;
                parked.add(row);
            }
        }
        tx.save(parked);
        return answers;
    }

    private static boolean hasPredecessor(WriteTransaction tx, DeliveryRow row) throws SQLException {
        String orderNo = tx.session.first(ORDER_NO, r -> r.getString(1), row.position);
        return row.ordered
                && DeliveryReader.hasPredecessor(tx.session, new MerchantId(row.merchantId), orderNo, row.position);
    }

    static List<Delivery> pullHeldByMerchant(WriteTransaction tx, MerchantId merchant, int limit) throws SQLException {
        return pull(tx, tx.session.list(HELD_BY_MERCHANT, ParkedDeliveries::id, merchant.value(), limit));
    }

    static List<Delivery> pullReleased(WriteTransaction tx, MerchantId merchant, String orderNo, int limit)
            throws SQLException {
        return pull(tx, tx.session.list(FIRST_OF_ORDER, ParkedDeliveries::id, merchant.value(), orderNo, limit));
    }

    /** Those of any order that a pull has missed: reads all that are held. */
    static List<NotificationId> released(SqliteSession session, int limit) throws SQLException {
        return session.list(RELEASED, ParkedDeliveries::id, limit);
    }

    /** Takes back those of these that nothing holds back any more. */
    static List<Delivery> pullReleased(WriteTransaction tx, List<NotificationId> ids) throws SQLException {
        List<NotificationId> free = new ArrayList<>();
        for (DeliveryRow row : tx.load(ids)) {
            if (row != null
                    && row.nextAttemptAt != null
                    && row.wakeLocation == WakeLocation.HELD_BY_ORDER
                    && !hasPredecessor(tx, row)) {
                free.add(row.id);
            }
        }
        return pull(tx, free);
    }

    private static List<Delivery> pull(WriteTransaction tx, List<NotificationId> ids) throws SQLException {
        List<DeliveryRow> rows = new ArrayList<>(ids.size());
        for (DeliveryRow row : tx.load(ids)) {
            if (row != null && row.nextAttemptAt != null) {
                row.queue(row.nextAttemptAt);
                rows.add(row);
            }
        }
        tx.save(rows);
        List<Delivery> pulled = new ArrayList<>(ids.size());
        for (Delivery delivery : DeliveryReader.look(tx.session, tx.ladders, ids)) {
            pulled.add(Objects.requireNonNull(delivery, "a notification without content"));
        }
        return pulled;
    }

    static List<MerchantId> merchantsHolding(SqliteSession session, @Nullable MerchantId after, int limit)
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
