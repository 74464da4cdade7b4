package dev.rung.store.sqlite;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.WakeLocation;
import dev.rung.store.common.NullableColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads notifications as the dispatcher sees them. */
final class DeliveryReader {
    // The length of a payload is known without reading it.
    private static final String LOOK = """
            SELECT n.merchant_id, n.wake, n.state, n.place, n.next_attempt_at, n.rung, n.attempts_made, n.ladder_id,
                   n.may_repeat, n.ordered, n.position, c.url, c.order_no, c.event_type, c.created_at, c.ladder_steps,
                   CASE WHEN length(c.payload) <= ? THEN c.payload END, n.id
              FROM json_each(?) asked
              CROSS JOIN notification n ON n.id = asked.value
              CROSS JOIN content c ON c.position = n.position""";
    private static final String PREDECESSOR =
            "SELECT 1 FROM ordered_mark WHERE merchant_id = ? AND order_no = ? AND position < ? LIMIT 1";
    private static final String PAYLOAD =
            "SELECT c.payload FROM notification n CROSS JOIN content c ON c.position = n.position WHERE n.id = ?";

    private DeliveryReader() {}

    /** In the order asked, null where there is none. */
    static List<@Nullable Delivery> look(SqliteSession session, LadderTable ladders, List<NotificationId> ids)
            throws SQLException {
        Map<NotificationId, Delivery> found = HashMap.newHashMap(ids.size());
        session.list(
                LOOK,
                r -> {
                    Delivery delivery = delivery(session, ladders, r);
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

    private static Delivery delivery(SqliteSession session, LadderTable ladders, ResultSet r) throws SQLException {
        MerchantId merchant = new MerchantId(r.getLong(1));
        boolean ordered = r.getBoolean(10);
        long position = r.getLong(11);
        String orderNo = r.getString(13);
        return new Delivery(
                new NotificationId(r.getLong(18)),
                merchant,
                r.getInt(2),
                CodedEnum.ofCode(NotificationState.class, r.getInt(3)),
                CodedEnum.ofCode(WakeLocation.class, r.getInt(4)),
                NullableColumns.number(r, 5),
                r.getInt(6),
                r.getInt(7),
                ladders.find(session, r.getInt(8), r.getString(16)).ladder(),
                r.getBoolean(9),
                ordered,
                ordered && hasPredecessor(session, merchant, orderNo, position),
                new Delivery.Content(r.getString(12), orderNo, r.getString(14), r.getLong(15)),
                r.getBytes(17));
    }

    /** Whether an earlier ordered notification of the order is not settled. */
    static boolean hasPredecessor(SqliteSession session, MerchantId merchant, @Nullable String orderNo, long position)
            throws SQLException {
        return orderNo != null
                && session.first(PREDECESSOR, r -> r.getInt(1), merchant.value(), orderNo, position) != null;
    }

    static byte @Nullable [] payload(SqliteSession session, NotificationId id) throws SQLException {
        return session.first(PAYLOAD, r -> r.getBytes(1), id.value());
    }
}
