package dev.rung.store.common;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.port.NotificationStore.Settled;
import org.jspecify.annotations.Nullable;

/** Applies settlements to loaded rows, as {@link dev.rung.core.port.NotificationStore#settle} says. */
public final class SettledRows {
    private SettledRows() {}

    /** Whether this is the attempt of the current wake, or a late success. */
    public static boolean moves(DeliveryRow row, Settlement s) {
        return row.isCurrent(s.wake())
                || s.attempt().outcome() == Outcome.ACKNOWLEDGED && row.state != DeliveryState.DELIVERED;
    }

    /** Changes a row that {@linkplain #moves moves}. */
    public static Settled.Applied apply(DeliveryRow row, Settlement s) {
        if (row.isCurrent(s.wake())) {
            row.apply(s);
        } else {
            row.attemptsMade = Math.max(row.attemptsMade, s.attempt().number());
            row.mayRepeat = false;
            row.settle(DeliveryState.DELIVERED, s.endedAt());
        }
        if (s.url() != null) {
            row.url = s.url();
        }
        row.wakeNumber++;
        boolean released = row.holdsOrder && row.state != DeliveryState.WAITING;
        row.holdsOrder &= !released;
        return new Settled.Applied(row.queuedWake(), released);
    }

    /** The result of a settlement that was written before, as far as the row still shows it. */
    public static Settled repeated(DeliveryRow row, Settlement s, boolean superseded) {
        if (superseded) {
            return new Settled.Superseded();
        }
        boolean unmoved = row.wakeNumber == s.wake().number() + 1;
        boolean wasOrdered = row.orderNo != null;
        return new Settled.Applied(unmoved ? row.queuedWake() : null, wasOrdered && !row.holdsOrder);
    }

    /** The columns of {@link #attempt}. */
    public static final String ATTEMPT = """
            notification_id, id, merchant_id, number, due_at, started_at, duration_millis, outcome, may_repeat, superseded, error,
            status, headers, body, held_millis, held_by""";

    /** The row of an attempt. */
    public static @Nullable Object[] attempt(DeliveryRow row, Attempt a, boolean superseded) {
        Attempt.@Nullable Answer answer = a.answer();
        return new @Nullable Object[] {
            row.id.value(),
            a.id(),
            row.receiver.merchant().value(),
            a.number(),
            a.dueAt(),
            a.startedAt(),
            a.durationMillis(),
            a.outcome().code(),
            a.mayRepeat(),
            superseded,
            a.error(),
            answer == null ? null : answer.status(),
            answer == null ? null : answer.headers(),
            answer == null ? null : answer.body(),
            a.held() == null ? null : a.held().millis(),
            a.held() == null ? null : a.held().reason().code()
        };
    }
}
