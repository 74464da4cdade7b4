package dev.rung.store.sqlite;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.WakeLocation;
import dev.rung.store.common.HoldRows;
import dev.rung.store.common.Ladders;
import dev.rung.store.common.NotificationRows;
import dev.rung.store.common.NullableColumns;
import dev.rung.store.common.ReceiverRows;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads notification details for the API from {@code notification n} and {@code delivery d}. */
final class NotificationDetailReader {
    static final String COLUMNS = """
            n.id, n.position, n.merchant_id, n.endpoint_id, n.event_id, n.kind, n.order_no, n.event_type, n.created_at, n.traceparent, n.ladder, n.ladder_name,
            d.state, d.wake_location, d.rung, d.attempts_made, d.attempts_max, d.next_attempt_at, n.ordered, d.settled_at, d.throttled_count, d.held_by, d.held_since,
            coalesce(d.url, n.url) AS url, n.own_url OR d.url IS NOT NULL AS own_url
            """;

    private NotificationDetailReader() {}

    static NotificationDetail of(ResultSet r) throws SQLException {
        return new NotificationDetail(
                new NotificationId(r.getLong("id")),
                ReceiverRows.receiver(r),
                CodedEnum.ofCode(DeliveryKind.class, r.getInt("kind")),
                NotificationRows.content(r),
                Ladders.parse(r.getString("ladder")),
                r.getString("ladder_name"),
                CodedEnum.ofCode(DeliveryState.class, r.getInt("state")),
                CodedEnum.ofCode(WakeLocation.class, r.getInt("wake_location")),
                r.getInt("rung"),
                r.getInt("attempts_made"),
                r.getInt("attempts_max"),
                NullableColumns.number(r, "next_attempt_at"),
                r.getBoolean("ordered"),
                NullableColumns.number(r, "settled_at"),
                r.getInt("throttled_count"),
                HoldRows.hold(r));
    }
}
