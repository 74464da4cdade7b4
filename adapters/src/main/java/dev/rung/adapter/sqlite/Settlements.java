package dev.rung.adapter.sqlite;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.port.NotificationStore.Settled;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the ends of attempts. */
final class Settlements {
    private static final String INSERT = """
            INSERT INTO attempt (notification_id, id, number, due_at, started_at, duration_ms, outcome, may_repeat, superseded,
                                 error, http_status, headers, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";
    private static final String WAS_SUPERSEDED = "SELECT superseded FROM attempt WHERE notification_id = ? AND id = ?";
    private static final String WAS_ORDERED = "SELECT ordered FROM content WHERE position = ?";

    private Settlements() {}

    static List<Settled> settle(Tx tx, List<Settlement> batch) throws SQLException {
        List<Settled> answers = new ArrayList<>(batch.size());
        for (Settlement s : batch) {
            answers.add(settle(tx, s));
        }
        return answers;
    }

    private static Settled settle(Tx tx, Settlement s) throws SQLException {
        Row row = tx.load(s.wake().id());
        if (row == null) {
            return new Settled.Gone();
        }
        boolean current = row.isCurrent(s.wake());
        boolean moves =
                current || s.attempt().outcome() == Outcome.ACKNOWLEDGED && row.state != NotificationState.DELIVERED;
        if (!insert(tx, row, s.attempt(), !moves)) {
            return repeated(tx, row, s);
        }
        if (!moves) {
            return new Settled.Superseded();
        }
        if (current) {
            apply(row, s);
        } else {
            row.attemptsMade = Math.max(row.attemptsMade, s.attempt().number());
            row.settle(NotificationState.DELIVERED, s.endedAt());
        }
        row.wake++;
        boolean released = row.ordered && row.state != NotificationState.WAITING;
        row.ordered &= !released;
        tx.save(row);
        return new Settled.Applied(row.queuedWake(), released);
    }

    private static void apply(Row row, Settlement s) {
        row.rung++;
        row.attemptsMade = Math.max(row.attemptsMade + 1, s.attempt().number());
        row.mayRepeat = false;
        switch (s.next()) {
            case NextStep.Climb(long dueAt) -> {
                row.nextAttemptAt = dueAt;
                row.place = s.place();
            }
            case NextStep.Delivered() -> row.settle(NotificationState.DELIVERED, s.endedAt());
            case NextStep.Exhausted() -> row.settle(NotificationState.EXHAUSTED, s.endedAt());
            case NextStep.Rest() -> row.rest();
        }
    }

    /** False if it is there already. */
    private static boolean insert(Tx tx, Row row, Attempt a, boolean superseded) throws SQLException {
        tx.given(a.id());
        Attempt.@Nullable Answer answer = a.answer();
        return tx.session.update(
                        INSERT,
                        row.id.value(),
                        a.id(),
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
                        answer == null ? null : answer.body())
                == 1;
    }

    private static Settled repeated(Tx tx, Row row, Settlement s) throws SQLException {
        Boolean superseded = tx.session.first(
                WAS_SUPERSEDED,
                r -> r.getBoolean(1),
                row.id.value(),
                s.attempt().id());
        if (Boolean.TRUE.equals(superseded)) {
            return new Settled.Superseded();
        }
        boolean unmoved = row.wake == s.wake().number() + 1;
        Boolean wasOrdered = tx.session.first(WAS_ORDERED, r -> r.getBoolean(1), row.position);
        return new Settled.Applied(unmoved ? row.queuedWake() : null, Boolean.TRUE.equals(wasOrdered) && !row.ordered);
    }
}
