package dev.rung.store.sqlite;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.store.common.CodedSql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores the results of attempts. */
final class Settlements {
    private static final String INSERT = """
            INSERT INTO attempt (notification_id, id, merchant_id, number, due_at, started_at, duration_millis, outcome, may_repeat,
                                 superseded, error, status, headers, body, held_millis, held_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";
    private static final String WAS_SUPERSEDED = "SELECT superseded FROM attempt WHERE notification_id = ? AND id = ?";

    private static final String FORGET_THROTTLED = CodedSql.of("""
            DELETE FROM attempt WHERE notification_id = ?1 AND outcome = {Outcome.THROTTLED} AND id <= (
              SELECT id FROM attempt WHERE notification_id = ?1 AND outcome = {Outcome.THROTTLED}
               ORDER BY id DESC LIMIT 1 OFFSET ?2)""");

    private Settlements() {}

    static List<Settled> settle(WriteTransaction tx, List<Settlement> batch) throws SQLException {
        List<@Nullable DeliveryRow> rows =
                tx.load(batch.stream().map(s -> s.wake().id()).toList());
        List<@Nullable Object[]> attempts = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            DeliveryRow row = rows.get(i);
            if (row != null) {
                Attempt attempt = batch.get(i).attempt();
                tx.given(attempt.id());
                attempts.add(values(row, attempt, !moves(row, batch.get(i))));
            }
        }
        int[] inserted = tx.session.updateEach(INSERT, attempts);
        List<Settled> answers = new ArrayList<>(batch.size());
        List<DeliveryRow> moved = new ArrayList<>(batch.size());
        int n = 0;
        for (int i = 0; i < batch.size(); i++) {
            DeliveryRow row = rows.get(i);
            answers.add(row == null ? new Settled.Gone() : settle(tx, row, batch.get(i), inserted[n++] == 1, moved));
        }
        tx.save(moved);
        for (DeliveryRow row : moved) {
            if (row.throttledCount > Delivery.THROTTLED_KEPT) {
                tx.session.update(FORGET_THROTTLED, row.id.value(), Delivery.THROTTLED_KEPT);
            }
        }
        return answers;
    }

    private static Settled settle(
            WriteTransaction tx, DeliveryRow row, Settlement s, boolean isNew, List<DeliveryRow> moved)
            throws SQLException {
        if (!isNew) {
            return repeated(tx, row, s);
        }
        if (!moves(row, s)) {
            return new Settled.Superseded();
        }
        if (row.isCurrent(s.wake())) {
            apply(row, s);
        } else {
            row.attemptsMade = Math.max(row.attemptsMade, s.attempt().number());
            row.settle(NotificationState.DELIVERED, s.endedAt());
        }
        if (s.url() != null) {
            row.url = s.url();
        }
        row.wake++;
        boolean released = row.ordered && row.state != NotificationState.WAITING;
        row.ordered &= !released;
        moved.add(row);
        return new Settled.Applied(row.queuedWake(), released);
    }

    /** Whether this is the attempt of the current wake, or a late success. */
    private static boolean moves(DeliveryRow row, Settlement s) {
        return row.isCurrent(s.wake())
                || s.attempt().outcome() == Outcome.ACKNOWLEDGED && row.state != NotificationState.DELIVERED;
    }

    private static void apply(DeliveryRow row, Settlement s) {
        if (s.next() instanceof NextStep.Throttled) {
            row.throttledCount++;
            row.throttledSince = row.throttledSince == null ? s.endedAt() : row.throttledSince;
        } else {
            row.rung++;
            row.attemptsMade = Math.max(row.attemptsMade + 1, s.attempt().number());
        }
        row.mayRepeat = false;
        row.hold = null;
        row.urgent = false;
        switch (s.next()) {
            case NextStep.Retry(long dueAt) -> row.owe(dueAt, s.wakeLocation());
            case NextStep.Throttled(long dueAt) -> row.owe(dueAt, s.wakeLocation());
            case NextStep.Delivered() -> row.settle(NotificationState.DELIVERED, s.endedAt());
            case NextStep.Exhausted() -> row.settle(NotificationState.EXHAUSTED, s.endedAt());
            case NextStep.Unchanged() -> row.clearNextAttempt();
        }
    }

    private static @Nullable Object[] values(DeliveryRow row, Attempt a, boolean superseded) {
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

    private static Settled repeated(WriteTransaction tx, DeliveryRow row, Settlement s) throws SQLException {
        Boolean superseded = tx.session.first(
                WAS_SUPERSEDED,
                r -> r.getBoolean(1),
                row.id.value(),
                s.attempt().id());
        if (Boolean.TRUE.equals(superseded)) {
            return new Settled.Superseded();
        }
        boolean unmoved = row.wake == s.wake().number() + 1;
        boolean wasOrdered = row.orderNo != null;
        return new Settled.Applied(unmoved ? row.queuedWake() : null, wasOrdered && !row.ordered);
    }
}
