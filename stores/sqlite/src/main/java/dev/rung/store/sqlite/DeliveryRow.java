package dev.rung.store.sqlite;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.store.common.NullableColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What moves of a notification, loaded to be changed and saved within one transaction. */
final class DeliveryRow {
    static final String LOAD = """
            SELECT notification.id, position, merchant_id, ladder_id, state, place, wake, rung, attempts_made, attempts_max,
                   ordered, may_repeat, listed, next_attempt_at, settled_at
              FROM json_each(?) asked CROSS JOIN notification ON notification.id = asked.value""";

    final NotificationId id;
    final long position;
    final long merchantId;
    final int ladderId;
    final Before before;
    NotificationState state;
    WakeLocation wakeLocation;
    int wake;
    int rung;
    int attemptsMade;
    int attemptsMax;
    boolean ordered;
    boolean mayRepeat;
    boolean listed;

    @Nullable Long nextAttemptAt;

    @Nullable Long settledAt;

    /** What the counters and the marks were told before. */
    record Before(NotificationState state, int rung, boolean ordered) {}

    private DeliveryRow(ResultSet row) throws SQLException {
        id = new NotificationId(row.getLong(1));
        position = row.getLong(2);
        merchantId = row.getLong(3);
        ladderId = row.getInt(4);
        state = CodedEnum.ofCode(NotificationState.class, row.getInt(5));
        wakeLocation = CodedEnum.ofCode(WakeLocation.class, row.getInt(6));
        wake = row.getInt(7);
        rung = row.getInt(8);
        attemptsMade = row.getInt(9);
        attemptsMax = row.getInt(10);
        ordered = row.getBoolean(11);
        mayRepeat = row.getBoolean(12);
        listed = row.getBoolean(13);
        nextAttemptAt = NullableColumns.number(row, 14);
        settledAt = NullableColumns.number(row, 15);
        before = new Before(state, rung, ordered);
    }

    static DeliveryRow of(ResultSet row) throws SQLException {
        return new DeliveryRow(row);
    }

    boolean isCurrent(Wake w) {
        return nextAttemptAt != null && wake == w.number();
    }

    /** An attempt is owed then, by the queue, under a raised number. */
    Wake queue(long dueAt) {
        nextAttemptAt = dueAt;
        wakeLocation = WakeLocation.QUEUED;
        wake++;
        return new Wake(id, wake, dueAt);
    }

    /** Nothing is owed any more. */
    void settle(NotificationState end, long at) {
        state = end;
        settledAt = at;
        rest();
    }

    /** Nothing is owed for now; the state stays. */
    void rest() {
        nextAttemptAt = null;
        wakeLocation = WakeLocation.QUEUED;
    }

    /** The wake that is valid now, where it is for the queue to bring it. */
    @Nullable Wake queuedWake() {
        return nextAttemptAt != null && wakeLocation == WakeLocation.QUEUED ? new Wake(id, wake, nextAttemptAt) : null;
    }
}
