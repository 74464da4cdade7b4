package dev.rung.store.sqlite;

import dev.rung.core.model.Ids;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.model.PaymentState;
import dev.rung.store.common.NotificationCounts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A writing transaction: the session, and totals that are written once at its end. Used only by the writing thread.
 */
final class WriteTransaction {
    private static final String SAVE = """
            UPDATE delivery
               SET state = ?, wake_location = ?, wake_number = ?, rung = ?, attempts_made = ?, attempts_max = ?, holds_order = ?,
                   may_repeat = ?, listed = ?, next_attempt_at = ?, settled_at = ?, url = ?,
                   throttled_count = ?, throttled_since = ?, held_by = ?, held_since = ?, urgent = ?
             WHERE id = ?""";
    private static final String COUNT = """
            INSERT INTO notification_count (state, ladder, rung, n) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET n = n + excluded.n""";
    private static final String COUNT_PAYMENTS =
            "INSERT INTO payment_count (state, n) VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n";
    private static final String SAVE_STATE = """
            UPDATE store_state SET last_id = ?, last_position = ?, horizon = ?, ahead = ?, behind = ?""";

    final SqliteSession session;
    private final StoreState before;
    final NotificationCounts counts = new NotificationCounts();
    private final Map<PaymentState, Long> payments = new EnumMap<>(PaymentState.class);
    private long lastId;
    private long lastPosition;
    private long horizon;
    private long ahead;
    private long behind;

    WriteTransaction(SqliteSession session, StoreState before) {
        this.session = session;
        this.before = before;
        this.lastId = before.lastId();
        this.lastPosition = before.lastPosition();
        this.horizon = before.horizon();
        this.ahead = before.ahead();
        this.behind = before.behind();
    }

    @Nullable SqliteDeliveryRow load(NotificationId id) throws SQLException {
        return session.first(SqliteDeliveryRow.LOAD, SqliteDeliveryRow::new, SqliteSession.json(List.of(id)));
    }

    /** The rows in the order of the ids, null where there is none. */
    List<@Nullable SqliteDeliveryRow> load(List<NotificationId> ids) throws SQLException {
        Map<NotificationId, SqliteDeliveryRow> found = HashMap.newHashMap(ids.size());
        session.list(
                SqliteDeliveryRow.LOAD,
                r -> {
                    SqliteDeliveryRow row = new SqliteDeliveryRow(r);
                    return found.put(row.id, row);
                },
                SqliteSession.json(ids));
        List<@Nullable SqliteDeliveryRow> rows = new ArrayList<>(ids.size());
        for (NotificationId id : ids) {
            rows.add(found.get(id));
        }
        return rows;
    }

    void save(SqliteDeliveryRow row) throws SQLException {
        save(List.of(row));
    }

    void save(List<SqliteDeliveryRow> rows) throws SQLException {
        List<@Nullable Object[]> changes = new ArrayList<>(rows.size());
        for (SqliteDeliveryRow row : rows) {
            changes.add(new @Nullable Object[] {
                row.state.code(),
                row.wakeLocation.code(),
                row.wakeNumber,
                row.rung,
                row.attemptsMade,
                row.attemptsMax,
                row.holdsOrder,
                row.mayRepeat,
                row.listed,
                row.nextAttemptAt,
                row.settledAt,
                row.url,
                row.throttledCount,
                row.throttledSince,
                row.hold == null ? null : row.hold.reason().code(),
                row.hold == null ? null : row.hold.since(),
                row.urgent,
                row.id.value()
            });
            counts.moved(row);
        }
        session.updateEach(SAVE, changes);
    }

    /** Adds to the counter of payments in this state. */
    void count(PaymentState state, long by) {
        payments.merge(state, by, Long::sum);
    }

    /** Allocates the position of a new notification. */
    long accepted(NotificationId id, long createdAt) {
        given(id.value());
        long created = Ids.first(createdAt);
        ahead = Math.max(ahead, lastId - created);
        behind = Math.max(behind, created - id.value());
        return ++lastPosition;
    }

    /** Records an id, so that it is never generated again. */
    void given(long id) {
        lastId = Math.max(lastId, id);
    }

    /** Sets the horizon of the search tables. */
    long horizon() {
        return horizon;
    }

    void indexedUpTo(long position) {
        horizon = position;
    }

    long lastPosition() {
        return lastPosition;
    }

    /** Writes the totals. */
    void flush() throws SQLException {
        for (Map.Entry<NotificationCounts.Counted, Long> e : counts.changes()) {
            NotificationCounts.Counted counted = e.getKey();
            session.update(COUNT, counted.state().code(), counted.ladder(), counted.rung(), e.getValue());
        }
        for (Map.Entry<PaymentState, Long> e : payments.entrySet()) {
            if (e.getValue() != 0) {
                session.update(COUNT_PAYMENTS, e.getKey().code(), e.getValue());
            }
        }
        if (!state().equals(before)) {
            session.update(SAVE_STATE, lastId, lastPosition, horizon, ahead, behind);
        }
    }

    /** The store's state after the commit. */
    StoreState state() {
        return new StoreState(lastId, lastPosition, horizon, ahead, behind);
    }
}
