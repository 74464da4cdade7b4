package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Hold;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Park;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A delivery that is loaded and locked, changed, and saved within one transaction. */
public class DeliveryRow {
    public final NotificationId id;
    public final ReceiverId receiver;
    public final DeliveryKind kind;
    /** Only if it was accepted as ordered. */
    public final @Nullable String orderNo;
    /** Of an ordered delivery; the SQLite store has it for all. */
    public final long position;
    /** The ladder's name in the counters; null if the request gave steps. */
    public final @Nullable String ladderName;

    /** The state and rung that it is currently counted by. */
    public final Before before;

    public DeliveryState state;
    public WakeLocation wakeLocation;
    public int wakeNumber;
    public int rung;
    public int attemptsMade;
    public int attemptsMax;
    public boolean holdsOrder;
    public boolean mayRepeat;
    public @Nullable Long nextAttemptAt;
    public @Nullable Long settledAt;
    public @Nullable String url;
    public int throttledCount;
    public @Nullable Long throttledSince;
    public @Nullable Hold hold;
    public boolean urgent;

    /** A state and rung. */
    public record Before(DeliveryState state, int rung) {}

    /** Reads all columns of {@code delivery}. */
    public DeliveryRow(ResultSet row) throws SQLException {
        id = new NotificationId(row.getLong("id"));
        receiver = ReceiverRows.receiver(row);
        kind = CodedEnum.ofCode(DeliveryKind.class, row.getInt("kind"));
        orderNo = row.getString("order_no");
        position = row.getLong("position");
        ladderName = row.getString("ladder_name");
        state = CodedEnum.ofCode(DeliveryState.class, row.getInt("state"));
        wakeLocation = CodedEnum.ofCode(WakeLocation.class, row.getInt("wake_location"));
        wakeNumber = row.getInt("wake_number");
        rung = row.getInt("rung");
        attemptsMade = row.getInt("attempts_made");
        attemptsMax = row.getInt("attempts_max");
        holdsOrder = row.getBoolean("holds_order");
        mayRepeat = row.getBoolean("may_repeat");
        nextAttemptAt = NullableColumns.number(row, "next_attempt_at");
        settledAt = NullableColumns.number(row, "settled_at");
        url = row.getString("url");
        throttledCount = row.getInt("throttled_count");
        throttledSince = NullableColumns.number(row, "throttled_since");
        hold = HoldRows.hold(row);
        urgent = row.getBoolean("urgent");
        before = new Before(state, rung);
    }

    /** Whether an attempt is pending under this wake's number. */
    public boolean isCurrent(Wake w) {
        return nextAttemptAt != null && wakeNumber == w.number();
    }

    /** Schedules an attempt through the queue with an incremented wake number. */
    public Wake queue(long dueAt) {
        nextAttemptAt = dueAt;
        wakeLocation = WakeLocation.QUEUED;
        wakeNumber++;
        return new Wake(id, wakeNumber, dueAt);
    }

    /** The current wake, if it is in the queue. */
    public @Nullable Wake queuedWake() {
        return nextAttemptAt != null && wakeLocation == WakeLocation.QUEUED
                ? new Wake(id, wakeNumber, nextAttemptAt)
                : null;
    }

    /** Parks it, with an incremented wake number. */
    public void park(Park park, WakeLocation location) {
        wakeLocation = location;
        hold = new Hold(park.reason(), hold == null ? park.since() : hold.since());
        wakeNumber++;
    }

    /** Ends the delivery in this state. The resend of a delivered one does not change when it was delivered. */
    public void settle(DeliveryState end, long at) {
        settledAt = state == end && settledAt != null ? settledAt : (Long) at;
        state = end;
        clearNextAttempt();
    }

    /** Cancels it, with an incremented wake number. */
    public void cancel(long at) {
        settle(DeliveryState.CANCELLED, at);
        wakeNumber++;
        holdsOrder = false;
    }

    /** The result of an attempt whose wake is current. */
    public void apply(Settlement s) {
        if (s.next() instanceof NextStep.Throttled) {
            throttledCount++;
            throttledSince = throttledSince == null ? (Long) s.endedAt() : throttledSince;
        } else {
            rung++;
            attemptsMade = Math.max(attemptsMade + 1, s.attempt().number());
        }
        mayRepeat = false;
        hold = null;
        urgent = false;
        switch (s.next()) {
            case NextStep.Retry(long dueAt) -> owe(dueAt, s.wakeLocation());
            case NextStep.Throttled(long dueAt) -> owe(dueAt, s.wakeLocation());
            case NextStep.Delivered() -> settle(DeliveryState.DELIVERED, s.endedAt());
            case NextStep.Exhausted() -> settle(DeliveryState.EXHAUSTED, s.endedAt());
            case NextStep.Unchanged() -> clearNextAttempt();
        }
    }

    /**
     * Makes an attempt due now. A delivered notification gets one more; any other restarts its ladder.
     *
     * @param address null: as it was addressed
     */
    public Wake resend(Ladder ladder, @Nullable String address, boolean isUrgent, long now) {
        url = address;
        urgent = isUrgent;
        hold = null;
        if (state == DeliveryState.DELIVERED) {
            attemptsMax = attemptsMade + 1;
        } else {
            state = DeliveryState.WAITING;
            settledAt = null;
            rung = 0;
            attemptsMax = attemptsMade + ladder.attemptsMax();
        }
        holdsOrder = false;
        return queue(now);
    }

    private void owe(long dueAt, WakeLocation location) {
        nextAttemptAt = dueAt;
        wakeLocation = location;
    }

    /** Removes the next attempt without changing the state. */
    private void clearNextAttempt() {
        nextAttemptAt = null;
        wakeLocation = WakeLocation.QUEUED;
        hold = null;
        urgent = false;
    }
}
