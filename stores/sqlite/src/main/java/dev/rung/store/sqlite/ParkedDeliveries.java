package dev.rung.store.sqlite;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Park;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.ReceiverRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parks deliveries that cannot be attempted now, and unparks them again. */
final class ParkedDeliveries {
    private static final String HELD_BY_BULKHEAD = CodedSql.of("""
            SELECT id FROM delivery INDEXED BY delivery_held_by_bulkhead
             WHERE wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND kind = {DeliveryKind.NOTIFICATION}
               AND next_attempt_at IS NOT NULL AND merchant_id = ? AND endpoint_id = ?
             ORDER BY next_attempt_at, id LIMIT ?""");
    private static final String HELD_BY_CHANNEL = CodedSql.of("""
            SELECT id FROM delivery INDEXED BY delivery_held_by_channel
             WHERE wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND kind <> {DeliveryKind.NOTIFICATION}
               AND next_attempt_at IS NOT NULL AND channel = ?
             ORDER BY next_attempt_at, id LIMIT ?""");
    // Only the first delivery of an order to a receiver is not held back.
    private static final String FIRST_OF_ORDER = CodedSql.of("""
            SELECT id
              FROM (SELECT id, wake_location, next_attempt_at FROM delivery
                     WHERE holds_order = 1 AND merchant_id = ? AND endpoint_id = ? AND order_no = ? ORDER BY position LIMIT 1)
             WHERE wake_location = {WakeLocation.HELD_BY_ORDER} AND next_attempt_at IS NOT NULL LIMIT ?""");
    private static final String RELEASED = CodedSql.of("""
            SELECT d.id
              FROM delivery d INDEXED BY delivery_held_by_order
             WHERE d.wake_location = {WakeLocation.HELD_BY_ORDER} AND d.next_attempt_at IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM delivery before
                                WHERE before.holds_order = 1 AND before.merchant_id = d.merchant_id
                                  AND before.endpoint_id = d.endpoint_id AND before.order_no = d.order_no
                                  AND before.position < d.position)
             ORDER BY d.position LIMIT ?""");
    private static final String NEXT_RECEIVER = CodedSql.of("""
            SELECT merchant_id, endpoint_id FROM delivery INDEXED BY delivery_held_by_bulkhead
             WHERE wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND kind = {DeliveryKind.NOTIFICATION}
               AND next_attempt_at IS NOT NULL AND (merchant_id, endpoint_id) > (?, ?)
             ORDER BY merchant_id, endpoint_id LIMIT 1""");
    private static final String NEXT_CHANNEL = CodedSql.of("""
            SELECT channel FROM delivery INDEXED BY delivery_held_by_channel
             WHERE wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND kind <> {DeliveryKind.NOTIFICATION}
               AND next_attempt_at IS NOT NULL AND channel > ? ORDER BY channel LIMIT 1""");

    private ParkedDeliveries() {}

    static List<Boolean> park(WriteTransaction tx, List<Park> batch, WakeLocation wakeLocation) throws SQLException {
        List<SqliteDeliveryRow> parked = new ArrayList<>();
        List<Boolean> answers = new ArrayList<>(batch.size());
        List<@Nullable SqliteDeliveryRow> rows =
                tx.load(batch.stream().map(p -> p.wake().id()).toList());
        for (int i = 0; i < batch.size(); i++) {
            Park park = batch.get(i);
            SqliteDeliveryRow row = rows.get(i);
            boolean parks = row != null
                    && row.isCurrent(park.wake())
                    && (wakeLocation != WakeLocation.HELD_BY_ORDER || isHeldByOrder(tx, row));
            answers.add(parks);
            if (row != null && parks) {
                row.park(park, wakeLocation);
                parked.add(row);
            }
        }
        tx.save(parked);
        return answers;
    }

    private static boolean isHeldByOrder(WriteTransaction tx, SqliteDeliveryRow row) throws SQLException {
        return row.holdsOrder && DeliveryReader.isHeldByOrder(tx.session, row.receiver, row.orderNo, row.position);
    }

    static List<Delivery> unparkHeld(WriteTransaction tx, BulkheadKey bulkhead, int limit) throws SQLException {
        return unpark(tx, held(tx.session, bulkhead, limit));
    }

    static int count(SqliteSession session, BulkheadKey bulkhead, int max) throws SQLException {
        return held(session, bulkhead, max).size();
    }

    private static List<NotificationId> held(SqliteSession session, BulkheadKey bulkhead, int limit)
            throws SQLException {
        return switch (bulkhead) {
            case BulkheadKey.OfReceiver(ReceiverId receiver) ->
                session.list(
                        HELD_BY_BULKHEAD,
                        ParkedDeliveries::id,
                        receiver.merchant().value(),
                        receiver.endpointCode(),
                        limit);
            case BulkheadKey.OfChannel(String channel) ->
                session.list(HELD_BY_CHANNEL, ParkedDeliveries::id, channel, limit);
        };
    }

    static List<Delivery> unparkReleased(WriteTransaction tx, ReceiverId receiver, String orderNo, int limit)
            throws SQLException {
        return unpark(
                tx,
                tx.session.list(
                        FIRST_OF_ORDER,
                        ParkedDeliveries::id,
                        receiver.merchant().value(),
                        receiver.endpointCode(),
                        orderNo,
                        limit));
    }

    /** Parked deliveries of any order that no earlier one holds back any more; reads all that are held by their order. */
    static List<NotificationId> released(SqliteSession session, int limit) throws SQLException {
        return session.list(RELEASED, ParkedDeliveries::id, limit);
    }

    /** Unparks those of these deliveries that are no longer held back. */
    static List<Delivery> unparkReleased(WriteTransaction tx, List<NotificationId> ids) throws SQLException {
        List<NotificationId> free = new ArrayList<>();
        for (SqliteDeliveryRow row : tx.load(ids)) {
            if (row != null
                    && row.nextAttemptAt != null
                    && row.wakeLocation == WakeLocation.HELD_BY_ORDER
                    && !isHeldByOrder(tx, row)) {
                free.add(row.id);
            }
        }
        return unpark(tx, free);
    }

    private static List<Delivery> unpark(WriteTransaction tx, List<NotificationId> ids) throws SQLException {
        List<SqliteDeliveryRow> rows = new ArrayList<>(ids.size());
        for (SqliteDeliveryRow row : tx.load(ids)) {
            if (row != null && row.nextAttemptAt != null) {
                row.queue(row.nextAttemptAt);
                rows.add(row);
            }
        }
        tx.save(rows);
        List<Delivery> unparked = new ArrayList<>(ids.size());
        for (Delivery delivery : DeliveryReader.look(tx.session, ids)) {
            unparked.add(Objects.requireNonNull(delivery, "the delivery has no notification"));
        }
        return unparked;
    }

    static List<BulkheadKey> bulkheadsHolding(SqliteSession session, @Nullable BulkheadKey after, int limit)
            throws SQLException {
        List<BulkheadKey> found = new ArrayList<>();
        BulkheadKey last = after;
        while (found.size() < limit) {
            last = next(session, last);
            if (last == null) {
                break;
            }
            found.add(last);
        }
        return found;
    }

    private static @Nullable BulkheadKey next(SqliteSession session, @Nullable BulkheadKey after) throws SQLException {
        if (!(after instanceof BulkheadKey.OfChannel)) {
            long merchant = after instanceof BulkheadKey.OfReceiver(ReceiverId id)
                    ? id.merchant().value()
                    : -1;
            long endpoint = after instanceof BulkheadKey.OfReceiver(ReceiverId id) ? id.endpointCode() : 0;
            BulkheadKey next = session.first(
                    NEXT_RECEIVER, r -> new BulkheadKey.OfReceiver(ReceiverRows.receiver(r)), merchant, endpoint);
            if (next != null) {
                return next;
            }
        }
        String channel = after instanceof BulkheadKey.OfChannel(String name) ? name : "";
        return session.first(NEXT_CHANNEL, r -> new BulkheadKey.OfChannel(r.getString("channel")), channel);
    }

    private static NotificationId id(ResultSet row) throws SQLException {
        return new NotificationId(row.getLong("id"));
    }
}
