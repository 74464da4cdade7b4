package dev.rung.store.mysql;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Park;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.DeliveryRow;
import dev.rung.store.common.ReceiverRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parks deliveries that cannot be attempted now, and unparks them. */
final class ParkedDeliveries {
    /** Each with its nearest predecessor. */
    private static final String WITH_PREDECESSORS = """
            SELECT d.id, (
              SELECT earlier.id FROM delivery earlier
              WHERE earlier.holds_order_of = d.merchant_id AND earlier.endpoint_id = d.endpoint_id AND earlier.order_no = d.order_no
                AND (earlier.position < d.position OR earlier.position = d.position AND earlier.id < d.id)
              ORDER BY earlier.position DESC, earlier.id DESC LIMIT 1) AS predecessor
            FROM delivery d WHERE d.id IN (%s)
            """;

    private static final String HELD_BACK =
            "SELECT d.id FROM delivery d WHERE d.id IN (%s) AND EXISTS (" + DeliveryReader.PREDECESSORS + ")";

    private static final String OF_RECEIVER =
            "delivery d FORCE INDEX (delivery_held_by_bulkhead) WHERE d.held_merchant = ? AND d.held_endpoint = ?";
    private static final String OF_CHANNEL =
            "delivery d FORCE INDEX (delivery_held_by_channel) WHERE d.held_channel = ?";

    /**
     * Only the first delivery of an order has no predecessor, and it stays marked as ordered when it is unparked, so an order yields one
     * delivery at a time.
     */
    private static String released(String index, String which) {
        return CodedSql.of(
                "SELECT d.* FROM delivery d FORCE INDEX (" + index + """
            )
            WHERE d.wake_location = {WakeLocation.HELD_BY_ORDER} AND d.next_attempt_at IS NOT NULL %s
              AND NOT EXISTS (%s)
            LIMIT ? FOR UPDATE SKIP LOCKED
            """.formatted(which, DeliveryReader.PREDECESSORS));
    }

    private static final String RELEASED_OF_ORDER =
            released("delivery_order", "AND d.holds_order_of = ? AND d.endpoint_id = ? AND d.order_no = ?");

    private static final String RELEASED = released("delivery_due", "");

    private static final String RECEIVERS_HOLDING = """
            SELECT DISTINCT held_merchant AS merchant_id, held_endpoint AS endpoint_id
            FROM delivery FORCE INDEX (delivery_held_by_bulkhead)
            WHERE held_merchant > ? OR held_merchant = ? AND held_endpoint > ?
            ORDER BY held_merchant, held_endpoint LIMIT ?
            """;
    private static final String CHANNELS_HOLDING = """
            SELECT DISTINCT held_channel FROM delivery FORCE INDEX (delivery_held_by_channel)
            WHERE held_channel > ? ORDER BY held_channel LIMIT ?
            """;

    private ParkedDeliveries() {}

    static List<Boolean> park(Connection connection, List<Park> batch, WakeLocation location) throws SQLException {
        List<NotificationId> ids = batch.stream().map(p -> p.wake().id()).toList();
        boolean byOrder = location == WakeLocation.HELD_BY_ORDER;
        Map<NotificationId, DeliveryRow> rows =
                LockedDeliveries.lock(connection, byOrder ? withPredecessors(connection, ids) : ids);
        Set<NotificationId> heldBack = byOrder ? heldBack(connection, ids) : Set.of();
        List<DeliveryRow> parked = new ArrayList<>();
        List<Boolean> answers = new ArrayList<>(batch.size());
        for (Park park : batch) {
            DeliveryRow row = rows.get(park.wake().id());
            boolean parks = row != null
                    && row.isCurrent(park.wake())
                    && (!byOrder || row.holdsOrder && heldBack.contains(row.id));
            answers.add(parks);
            if (row != null && parks) {
                row.park(park, location);
                parked.add(row);
            }
        }
        LockedDeliveries.save(connection, parked);
        return answers;
    }

    /**
     * The deliveries and the nearest predecessor of each, to be locked. A settlement that releases one then commits either before, and {@link
     * #heldBack} sees it, or after, and finds the delivery parked.
     */
    private static Set<NotificationId> withPredecessors(Connection connection, List<NotificationId> ids)
            throws SQLException {
        Set<NotificationId> all = new HashSet<>();
        MySqlDatabase.rows(
                        connection,
                        LockedDeliveries.withIds(WITH_PREDECESSORS, ids),
                        p -> {},
                        row -> Stream.of(row.getLong("id"), row.getLong("predecessor")))
                .forEach(found ->
                        found.filter(id -> id != 0).map(NotificationId::new).forEach(all::add));
        return all;
    }

    private static Set<NotificationId> heldBack(Connection connection, List<NotificationId> ids) throws SQLException {
        return new HashSet<>(MySqlDatabase.rows(
                connection,
                LockedDeliveries.withIds(HELD_BACK, ids),
                p -> {},
                row -> new NotificationId(row.getLong("id"))));
    }

    static List<Delivery> unparkHeld(Connection connection, BulkheadKey bulkhead, int limit) throws SQLException {
        return unpark(
                connection,
                MySqlDatabase.rows(
                        connection,
                        // Skips locked rows: waiting while rows are locked out of id order could deadlock.
                        "SELECT d.* FROM %s ORDER BY d.held_due, d.id LIMIT ? FOR UPDATE SKIP LOCKED"
                                .formatted(index(bulkhead)),
                        p -> key(p, bulkhead).number(limit),
                        DeliveryRow::new));
    }

    static int count(Connection connection, BulkheadKey bulkhead, int max) throws SQLException {
        return MySqlDatabase.rows(
                        connection,
                        "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT ?) held".formatted(index(bulkhead)),
                        p -> key(p, bulkhead).number(max),
                        row -> row.getInt(1))
                .getFirst();
    }

    private static String index(BulkheadKey bulkhead) {
        return bulkhead instanceof BulkheadKey.OfReceiver ? OF_RECEIVER : OF_CHANNEL;
    }

    private static Parameters key(Parameters p, BulkheadKey bulkhead) throws SQLException {
        return switch (bulkhead) {
            case BulkheadKey.OfReceiver(ReceiverId receiver) ->
                p.number(receiver.merchant().value()).number(receiver.endpointCode());
            case BulkheadKey.OfChannel(String channel) -> p.text(channel);
        };
    }

    static List<Delivery> unparkReleased(
            Connection connection, @Nullable ReceiverId receiver, @Nullable String orderNo, int limit)
            throws SQLException {
        List<DeliveryRow> released = receiver == null || orderNo == null
                ? MySqlDatabase.rows(connection, RELEASED, p -> p.number(limit), DeliveryRow::new)
                : MySqlDatabase.rows(
                        connection,
                        RELEASED_OF_ORDER,
                        p -> p.number(receiver.merchant().value())
                                .number(receiver.endpointCode())
                                .text(orderNo)
                                .number(limit),
                        DeliveryRow::new);
        return unpark(connection, released);
    }

    private static List<Delivery> unpark(Connection connection, List<DeliveryRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return List.of();
        }
        LockedDeliveries.queue(connection, rows);
        return DeliveryReader.find(connection, rows.stream().map(row -> row.id).toList()).stream()
                .map(Objects::requireNonNull)
                .toList();
    }

    static List<BulkheadKey> bulkheadsHolding(Connection connection, @Nullable BulkheadKey after, int limit)
            throws SQLException {
        List<BulkheadKey> found = new ArrayList<>();
        if (!(after instanceof BulkheadKey.OfChannel)) {
            long merchant = after instanceof BulkheadKey.OfReceiver(ReceiverId id)
                    ? id.merchant().value()
                    : -1;
            long endpoint = after instanceof BulkheadKey.OfReceiver(ReceiverId id) ? id.endpointCode() : 0;
            found.addAll(MySqlDatabase.rows(
                    connection,
                    RECEIVERS_HOLDING,
                    p -> p.number(merchant).number(merchant).number(endpoint).number(limit),
                    row -> new BulkheadKey.OfReceiver(ReceiverRows.receiver(row))));
        }
        if (found.size() < limit) {
            String channel = after instanceof BulkheadKey.OfChannel(String name) ? name : "";
            found.addAll(MySqlDatabase.rows(
                    connection,
                    CHANNELS_HOLDING,
                    p -> p.text(channel).number(limit - found.size()),
                    row -> new BulkheadKey.OfChannel(row.getString(1))));
        }
        return found;
    }
}
