package dev.rung.store.sqlite;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.WakeLocation;
import dev.rung.store.common.NullableColumns;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads notifications as the API shows them, from {@code notification n} and {@code content c}. */
final class NotificationDetailReader {
    static final String COLUMNS = """
            n.id, n.position, n.merchant_id, c.url, c.order_no, c.event_type, c.created_at, n.ladder_id, c.ladder_steps,
            n.state, n.place, n.rung, n.attempts_made, n.attempts_max, n.next_attempt_at, n.ordered, n.settled_at
            """;

    private NotificationDetailReader() {}

    static long position(ResultSet r) throws SQLException {
        return r.getLong(2);
    }

    static NotificationDetail of(SqliteSession session, LadderTable ladders, ResultSet r) throws SQLException {
        LadderTable.Named ladder = ladders.find(session, r.getInt(8), r.getString(9));
        return new NotificationDetail(
                new NotificationId(r.getLong(1)),
                new MerchantId(r.getLong(3)),
                new Delivery.Content(r.getString(4), r.getString(5), r.getString(6), r.getLong(7)),
                ladder.ladder(),
                ladder.name(),
                CodedEnum.ofCode(NotificationState.class, r.getInt(10)),
                CodedEnum.ofCode(WakeLocation.class, r.getInt(11)),
                r.getInt(12),
                r.getInt(13),
                r.getInt(14),
                NullableColumns.number(r, 15),
                r.getBoolean(16),
                NullableColumns.number(r, 17));
    }
}
