package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.TraceParent;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Notifications and deliveries: row mapping. Each column list is declared above the method that reads it. */
public final class NotificationRows {
    private NotificationRows() {}

    /**
     * Columns of {@code delivery d} and its {@code notification n}.
     *
     * @param predecessors a query for the ordered deliveries before {@code d} in its order
     */
    public static String delivery(String predecessors) {
        return """
            d.id, d.merchant_id, d.endpoint_id, d.channel, d.wake_number, d.state, d.wake_location, d.next_attempt_at, d.rung, d.attempts_made,
            n.ladder, d.may_repeat, d.holds_order, d.holds_order AND EXISTS (%s) AS held_by_order,
            coalesce(d.url, n.url) AS url, n.own_url OR d.url IS NOT NULL AS own_url, n.order_no, n.event_type, n.event_id, n.created_at, n.traceparent,
            d.urgent, d.throttled_since, d.held_by, d.held_since,
            CASE WHEN octet_length(n.payload) <= %d THEN n.payload END AS payload
            """.formatted(predecessors, Delivery.PAYLOAD_INLINE_MAX);
    }

    public static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                new NotificationId(row.getLong("id")),
                ReceiverRows.receiver(row),
                row.getString("channel"),
                row.getInt("wake_number"),
                CodedEnum.ofCode(DeliveryState.class, row.getInt("state")),
                CodedEnum.ofCode(WakeLocation.class, row.getInt("wake_location")),
                NullableColumns.number(row, "next_attempt_at"),
                row.getInt("rung"),
                row.getInt("attempts_made"),
                Ladders.parse(row.getString("ladder")),
                row.getBoolean("may_repeat"),
                row.getBoolean("holds_order"),
                row.getBoolean("held_by_order"),
                row.getBoolean("urgent"),
                NullableColumns.number(row, "throttled_since"),
                HoldRows.hold(row),
                content(row),
                row.getBytes("payload"));
    }

    /** From the columns {@code url}, {@code own_url}, {@code order_no}, {@code event_type}, {@code event_id}, {@code created_at}, {@code traceparent}. */
    public static Delivery.Content content(ResultSet row) throws SQLException {
        return new Delivery.Content(
                row.getString("url"),
                row.getBoolean("own_url"),
                row.getString("order_no"),
                row.getString("event_type"),
                ReceiverRows.event(row),
                row.getLong("created_at"),
                TraceParent.parse(row.getString("traceparent")));
    }

    /** Columns of {@code d} and {@code n} as above. */
    public static final String DETAIL = """
            n.id, n.merchant_id, n.endpoint_id, n.event_id, n.kind, coalesce(d.url, n.url) AS url, n.own_url OR d.url IS NOT NULL AS own_url, n.order_no,
            n.event_type, n.created_at, n.traceparent, n.ladder, n.ladder_name,
            d.state, d.wake_location, d.rung, d.attempts_made, d.attempts_max, d.next_attempt_at, n.ordered, d.settled_at,
            d.throttled_count, d.held_by, d.held_since
            """;

    public static NotificationDetail detail(ResultSet row) throws SQLException {
        return new NotificationDetail(
                new NotificationId(row.getLong("id")),
                ReceiverRows.receiver(row),
                CodedEnum.ofCode(DeliveryKind.class, row.getInt("kind")),
                content(row),
                Ladders.parse(row.getString("ladder")),
                row.getString("ladder_name"),
                CodedEnum.ofCode(DeliveryState.class, row.getInt("state")),
                CodedEnum.ofCode(WakeLocation.class, row.getInt("wake_location")),
                row.getInt("rung"),
                row.getInt("attempts_made"),
                row.getInt("attempts_max"),
                NullableColumns.number(row, "next_attempt_at"),
                row.getBoolean("ordered"),
                NullableColumns.number(row, "settled_at"),
                row.getInt("throttled_count"),
                HoldRows.hold(row));
    }

    public static final String WAKE = "d.id, d.wake_number, d.next_attempt_at";

    public static Wake wake(ResultSet row) throws SQLException {
        return new Wake(
                new NotificationId(row.getLong("id")), row.getInt("wake_number"), row.getLong("next_attempt_at"));
    }
}
