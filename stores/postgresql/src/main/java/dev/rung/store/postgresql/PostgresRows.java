package dev.rung.store.postgresql;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.store.common.NullableColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which columns make which value. Each list of columns stands above the method that reads it. */
final class PostgresRows {
    private static final int LADDERS_MAX = 1000;
    private static final Map<String, Ladder> LADDERS = new ConcurrentHashMap<>();

    private PostgresRows() {}

    /** Of {@code d}, a row of {@code delivery}, and {@code n}, its {@code notification}. */
    static final String OWED = """
            d.id, d.merchant_id, d.wake, d.state, d.place, d.next_attempt_at, d.rung, d.attempts_made,
            n.ladder, d.may_repeat, d.ordered,
            d.ordered AND EXISTS (SELECT FROM delivery before
              WHERE before.ordered AND before.merchant_id = d.merchant_id AND before.order_no = d.order_no
                AND (before.position, before.id) < (d.position, d.id)),
            n.url, n.order_no, n.event_type, n.created_at,
            CASE WHEN octet_length(n.payload) <= %d THEN n.payload END
            """.formatted(Delivery.PAYLOAD_INLINE_MAX);

    static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                new NotificationId(row.getLong(1)),
                new MerchantId(row.getLong(2)),
                row.getInt(3),
                CodedEnum.ofCode(NotificationState.class, row.getInt(4)),
                CodedEnum.ofCode(WakeLocation.class, row.getInt(5)),
                NullableColumns.number(row, 6),
                row.getInt(7),
                row.getInt(8),
                ladder(row.getString(9)),
                row.getBoolean(10),
                row.getBoolean(11),
                row.getBoolean(12),
                new Delivery.Content(row.getString(13), row.getString(14), row.getString(15), row.getLong(16)),
                row.getBytes(17));
    }

    /** Of {@code d} and {@code n} as above. */
    static final String DETAIL = """
            n.id, n.merchant_id, n.url, n.order_no, n.event_type, n.created_at, n.ladder, n.ladder_name,
            d.state, d.place, d.rung, d.attempts_made, d.attempts_max, d.next_attempt_at, n.ordered, d.settled_at
            """;

    static NotificationDetail detail(ResultSet row) throws SQLException {
        return new NotificationDetail(
                new NotificationId(row.getLong(1)),
                new MerchantId(row.getLong(2)),
                new Delivery.Content(row.getString(3), row.getString(4), row.getString(5), row.getLong(6)),
                ladder(row.getString(7)),
                row.getString(8),
                CodedEnum.ofCode(NotificationState.class, row.getInt(9)),
                CodedEnum.ofCode(WakeLocation.class, row.getInt(10)),
                row.getInt(11),
                row.getInt(12),
                row.getInt(13),
                NullableColumns.number(row, 14),
                row.getBoolean(15),
                NullableColumns.number(row, 16));
    }

    /** How many columns {@link #DETAIL} has. */
    static final int DETAIL_COLUMNS = 16;

    /** Of {@code a}, a row of {@code attempt}. */
    static final String ATTEMPT = """
            a.id, a.number, a.due_at, a.started_at, a.duration_millis, a.outcome, a.status, a.headers, a.body, a.error,
            a.may_repeat, a.superseded
            """;

    /** @param before how many columns stand before these */
    static Attempt attempt(ResultSet row, int before) throws SQLException {
        Long status = NullableColumns.number(row, before + 7);
        return new Attempt(
                row.getLong(before + 1),
                row.getInt(before + 2),
                row.getLong(before + 3),
                row.getLong(before + 4),
                row.getInt(before + 5),
                CodedEnum.ofCode(Outcome.class, row.getInt(before + 6)),
                status == null
                        ? null
                        : new Attempt.Answer(status.intValue(), row.getString(before + 8), row.getBytes(before + 9)),
                row.getString(before + 10),
                row.getBoolean(before + 11),
                row.getBoolean(before + 12));
    }

    static final String WAKE = "d.id, d.wake, d.next_attempt_at";

    static Wake wake(ResultSet row) throws SQLException {
        return new Wake(new NotificationId(row.getLong(1)), row.getInt(2), row.getLong(3));
    }

    /** Most rows have one of a few ladders: they are read once. */
    static Ladder ladder(String compact) {
        Ladder known = LADDERS.get(compact);
        if (known == null) {
            known = Ladder.parseCompact(compact);
            if (LADDERS.size() < LADDERS_MAX) {
                LADDERS.put(compact, known);
            }
        }
        return known;
    }
}
