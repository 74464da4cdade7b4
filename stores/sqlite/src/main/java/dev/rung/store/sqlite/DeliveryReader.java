package dev.rung.store.sqlite;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.WakeLocation;
import dev.rung.store.common.HoldRows;
import dev.rung.store.common.Ladders;
import dev.rung.store.common.NotificationRows;
import dev.rung.store.common.NullableColumns;
import dev.rung.store.common.ReceiverRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads deliveries for the dispatcher. */
final class DeliveryReader {
    // SQLite knows the payload's length without reading it.
    private static final String LOOK = """
            SELECT d.id, d.merchant_id, d.endpoint_id, d.channel, d.wake_number, d.state, d.wake_location, d.next_attempt_at, d.rung, d.attempts_made,
                   d.may_repeat, d.holds_order, d.position, d.urgent, d.throttled_since, d.held_by, d.held_since, n.ladder, n.order_no, n.event_type, n.event_id, n.created_at, n.traceparent,
                   coalesce(d.url, n.url) AS url, n.own_url OR d.url IS NOT NULL AS own_url,
                   CASE WHEN length(n.payload) <= ? THEN n.payload END AS payload
              FROM json_each(?) asked
              CROSS JOIN delivery d ON d.id = asked.value
              CROSS JOIN notification n ON n.position = d.position""";
    private static final String PREDECESSOR =
            "SELECT 1 FROM delivery WHERE holds_order = 1 AND merchant_id = ? AND endpoint_id = ? AND order_no = ? AND position < ? LIMIT 1";
    private static final String PAYLOAD =
            "SELECT n.payload FROM delivery d CROSS JOIN notification n ON n.position = d.position WHERE d.id = ?";

    private DeliveryReader() {}

    /** In the order of the ids, null where there is none. */
    static List<@Nullable Delivery> look(SqliteSession session, List<NotificationId> ids) throws SQLException {
        Map<NotificationId, Delivery> found = HashMap.newHashMap(ids.size());
        session.list(
                LOOK,
                r -> {
                    Delivery delivery = delivery(session, r);
                    return found.put(delivery.id(), delivery);
                },
                Delivery.PAYLOAD_INLINE_MAX,
                SqliteSession.json(ids));
        List<@Nullable Delivery> answers = new ArrayList<>(ids.size());
        for (NotificationId id : ids) {
            answers.add(found.get(id));
        }
        return answers;
    }

    private static Delivery delivery(SqliteSession session, ResultSet r) throws SQLException {
        ReceiverId receiver = ReceiverRows.receiver(r);
        boolean holdsOrder = r.getBoolean("holds_order");
        String orderNo = r.getString("order_no");
        return new Delivery(
                new NotificationId(r.getLong("id")),
                receiver,
                r.getString("channel"),
                r.getInt("wake_number"),
                CodedEnum.ofCode(DeliveryState.class, r.getInt("state")),
                CodedEnum.ofCode(WakeLocation.class, r.getInt("wake_location")),
                NullableColumns.number(r, "next_attempt_at"),
                r.getInt("rung"),
                r.getInt("attempts_made"),
                Ladders.parse(r.getString("ladder")),
                r.getBoolean("may_repeat"),
                holdsOrder,
                holdsOrder && isHeldByOrder(session, receiver, orderNo, r.getLong("position")),
                r.getBoolean("urgent"),
                NullableColumns.number(r, "throttled_since"),
                HoldRows.hold(r),
                NotificationRows.content(r),
                r.getBytes("payload"));
    }

    /** Whether an earlier ordered notification of the order is unsettled. */
    static boolean isHeldByOrder(SqliteSession session, ReceiverId receiver, @Nullable String orderNo, long position)
            throws SQLException {
        return orderNo != null
                && session.first(
                                PREDECESSOR,
                                r -> r.getInt(1),
                                receiver.merchant().value(),
                                receiver.endpointCode(),
                                orderNo,
                                position)
                        != null;
    }

    static byte @Nullable [] payload(SqliteSession session, NotificationId id) throws SQLException {
        return session.first(PAYLOAD, r -> r.getBytes(1), id.value());
    }
}
