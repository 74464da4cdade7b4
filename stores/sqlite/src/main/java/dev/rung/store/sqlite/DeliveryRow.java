package dev.rung.store.sqlite;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Hold;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.store.common.HoldRows;
import dev.rung.store.common.NullableColumns;
import dev.rung.store.common.ReceiverRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A delivery loaded for changing and saving within one transaction. */
final class DeliveryRow {
    static final String LOAD = """
            SELECT delivery.* FROM json_each(?) asked CROSS JOIN delivery ON delivery.id = asked.value""";

    final NotificationId id;
    final long position;
    final ReceiverId receiver;
    final DeliveryKind kind;
    /** Only if it was accepted as ordered. */
    final @Nullable String orderNo;
    /** The ladder's name in the counters; null if the request gave steps. */
    final @Nullable String ladderName;

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

    @Nullable String url;

    int throttledCount;

    @Nullable Long throttledSince;

    @Nullable Hold hold;

    boolean urgent;

    /** The state and rung that it is currently counted by. */
    record Before(NotificationState state, int rung) {}

    private DeliveryRow(ResultSet row) throws SQLException {
        id = new NotificationId(row.getLong("id"));
        position = row.getLong("position");
        receiver = ReceiverRows.receiver(row);
        kind = CodedEnum.ofCode(DeliveryKind.class, row.getInt("kind"));
        orderNo = row.getString("order_no");
        ladderName = row.getString("ladder_name");
        state = CodedEnum.ofCode(NotificationState.class, row.getInt("state"));
        wakeLocation = CodedEnum.ofCode(WakeLocation.class, row.getInt("wake_location"));
        wake = row.getInt("wake");
        rung = row.getInt("rung");
        attemptsMade = row.getInt("attempts_made");
        attemptsMax = row.getInt("attempts_max");
        ordered = row.getBoolean("ordered");
        mayRepeat = row.getBoolean("may_repeat");
        listed = row.getBoolean("listed");
        nextAttemptAt = NullableColumns.number(row, "next_attempt_at");
        settledAt = NullableColumns.number(row, "settled_at");
        url = row.getString("url");
        throttledCount = row.getInt("throttled_count");
        throttledSince = NullableColumns.number(row, "throttled_since");
        hold = HoldRows.hold(row);
        urgent = row.getBoolean("urgent");
        before = new Before(state, rung);
    }

    static DeliveryRow of(ResultSet row) throws SQLException {
        return new DeliveryRow(row);
    }

    boolean isCurrent(Wake w) {
        return nextAttemptAt != null && wake == w.number();
    }

    /** Schedules an attempt through the queue with an incremented wake number. */
    Wake queue(long dueAt) {
        nextAttemptAt = dueAt;
        wakeLocation = WakeLocation.QUEUED;
        wake++;
        return new Wake(id, wake, dueAt);
    }

    /** The next attempt is owed then. */
    void owe(long dueAt, WakeLocation location) {
        nextAttemptAt = dueAt;
        wakeLocation = location;
    }

    /** Ends the delivery in this state. */
    void settle(NotificationState end, long at) {
        state = end;
        settledAt = at;
        clearNextAttempt();
    }

    /** Removes the next attempt without changing the state. */
    void clearNextAttempt() {
        nextAttemptAt = null;
        wakeLocation = WakeLocation.QUEUED;
        hold = null;
        urgent = false;
    }

    /** The current wake, if it is in the queue. */
    @Nullable Wake queuedWake() {
        return nextAttemptAt != null && wakeLocation == WakeLocation.QUEUED ? new Wake(id, wake, nextAttemptAt) : null;
    }
}
