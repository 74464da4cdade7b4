package dev.rung.store.postgresql;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.store.common.NullableColumns;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the ends of attempts, on a connection that is given. */
final class Settlements {
    private static final int DELIVERED = 0;
    private static final int CLIMB = 1;
    private static final int EXHAUSTED = 2;
    private static final int REST = 3;

    /**
     * One statement: the rows are locked in id order and read as they are then ({@code was}), each is given its {@code move}
     * (1: its wake's number is current; 2: late, but acknowledged; 0: none), and all the rest follows from that.
     *
     * <p>Nothing here asks whether the attempt was written before: if it was, the number has moved since, and if it was
     * acknowledged, the state is delivered; so a repetition moves nothing, and its attempt conflicts with itself.
     */
    private static final String SETTLE = """
            WITH was AS (
              SELECT i.*, d.wake, d.state, d.place, d.next_attempt_at, d.rung, d.settled_at, d.ordered, d.order_no,
                  coalesce(d.ladder_name, '') AS ladder, d.merchant_id >= 1024 AS counted
              FROM unnest(?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::int[], ?::bigint[],
                  ?::bigint[], ?::int[], ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::int[], ?::boolean[],
                  ?::text[], ?::bytea[], ?::text[])
                AS i(id, number, step, step_due_at, step_place, ended_at,
                  attempt_id, attempt_number, due_at, started_at, duration_millis, outcome, status, may_repeat,
                  headers, body, error)
              JOIN delivery d ON d.id = i.id
              ORDER BY d.id
              FOR UPDATE OF d
            ), judged AS (
              SELECT *, CASE
                  WHEN wake = number AND next_attempt_at IS NOT NULL THEN 1
                  WHEN outcome = 0 AND state <> 1 THEN 2
                  ELSE 0 END AS move
              FROM was
            ), becomes AS (
              SELECT *, CASE
                  WHEN state = 1 OR step = 0 OR move = 2 THEN 1
                  WHEN step = 2 THEN 2
                  ELSE state END AS state_then
              FROM judged
            ), moved AS (
              UPDATE delivery d SET
                wake = d.wake + 1,
                state = b.state_then,
                place = CASE WHEN b.move = 1 AND b.step = 1 THEN b.step_place ELSE 0 END,
                next_attempt_at = CASE WHEN b.move = 1 AND b.step = 1 THEN b.step_due_at END,
                settled_at = CASE
                  WHEN b.state_then = 0 THEN NULL
                  WHEN b.state_then = b.state THEN coalesce(b.settled_at, b.ended_at)
                  ELSE b.ended_at END,
                rung = CASE WHEN b.move = 1 THEN d.rung + 1 ELSE d.rung END,
                attempts_made = greatest(
                  CASE WHEN b.move = 1 THEN d.attempts_made + 1 ELSE d.attempts_made END, b.attempt_number),
                may_repeat = false,
                ordered = d.ordered AND b.state_then = 0
              FROM becomes b
              WHERE d.id = b.id AND b.move > 0
            ), kept AS (
              INSERT INTO attempt (notification_id, id, number, due_at, started_at, duration_millis, outcome, status,
                  may_repeat, superseded, headers, body, error)
              SELECT id, attempt_id, attempt_number, due_at, started_at, duration_millis, outcome, status,
                  may_repeat, move = 0, headers, body, error
              FROM becomes
              ON CONFLICT (notification_id, id) DO NOTHING
            ), marked AS (
              INSERT INTO last_attempt (slot, id)
              SELECT %s, max(attempt_id) FROM becomes HAVING count(*) > 0
              ON CONFLICT (slot) DO UPDATE SET id = greatest(last_attempt.id, excluded.id)
            ), moved_counts AS (
              SELECT state, CASE WHEN state = 0 THEN ladder ELSE '' END AS ladder,
                  CASE WHEN state = 0 THEN rung ELSE 0 END AS rung, -1 AS by
              FROM becomes WHERE move > 0 AND counted
              UNION ALL
              SELECT state_then, CASE WHEN state_then = 0 THEN ladder ELSE '' END,
                  CASE WHEN state_then = 0 THEN rung + 1 ELSE 0 END, 1
              FROM becomes WHERE move > 0 AND counted
            )
            """.formatted(StateCounters.SLOT) + StateCounters.CTE + """
            SELECT id, move, wake, state, state_then, place, next_attempt_at, ordered, order_no IS NOT NULL FROM becomes
            """;

    private static final String WRITTEN_BEFORE = """
            SELECT a.notification_id
            FROM unnest(?::bigint[], ?::bigint[]) AS i(notification_id, id)
            JOIN attempt a ON a.notification_id = i.notification_id AND a.id = i.id
            WHERE NOT a.superseded
            """;

    private Settlements() {}

    static List<Settled> settle(Connection connection, List<Settlement> batch) throws SQLException {
        Map<Long, Standing> standings = HashMap.newHashMap(batch.size());
        write(connection, batch).forEach(standing -> standings.put(standing.id, standing));
        List<Settlement> unmoved = batch.stream()
                .filter(s -> {
                    Standing found = standings.get(id(s));
                    return found != null && found.move == 0;
                })
                .toList();
        Set<Long> before = writtenBefore(connection, unmoved);
        List<Settled> answers = new ArrayList<>(batch.size());
        for (Settlement s : batch) {
            Standing found = standings.get(id(s));
            if (found == null) {
                answers.add(new Settled.Gone());
            } else if (found.move > 0) {
                answers.add(found.applied(s));
            } else {
                answers.add(before.contains(id(s)) ? found.appliedBefore(s) : new Settled.Superseded());
            }
        }
        return answers;
    }

    private static List<Standing> write(Connection connection, List<Settlement> batch) throws SQLException {
        return PostgresDatabase.rows(
                connection,
                SETTLE,
                p -> p.longs(batch, Settlements::id)
                        .ints(batch, s -> s.wake().number())
                        .ints(batch, s -> step(s.next()))
                        .longsOrNull(batch, s -> s.next() instanceof NextStep.Retry c ? c.dueAt() : null)
                        .ints(batch, s -> s.wakeLocation().code())
                        .longs(batch, Settlement::endedAt)
                        .longs(batch, s -> s.attempt().id())
                        .ints(batch, s -> s.attempt().number())
                        .longs(batch, s -> s.attempt().dueAt())
                        .longs(batch, s -> s.attempt().startedAt())
                        .ints(batch, s -> s.attempt().durationMillis())
                        .ints(batch, s -> s.attempt().outcome().code())
                        .intsOrNull(batch, s -> ofAnswer(s, Attempt.Answer::status))
                        .flags(batch, s -> s.attempt().mayRepeat())
                        .texts(batch, s -> ofAnswer(s, Attempt.Answer::headers))
                        .byteses(batch, s -> ofAnswer(s, Attempt.Answer::body))
                        .texts(batch, s -> s.attempt().error()),
                Standing::of);
    }

    private static Set<Long> writtenBefore(Connection connection, List<Settlement> unmoved) throws SQLException {
        if (unmoved.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(PostgresDatabase.rows(
                connection,
                WRITTEN_BEFORE,
                p -> p.longs(unmoved, Settlements::id)
                        .longs(unmoved, s -> s.attempt().id()),
                row -> row.getLong(1)));
    }

    private static long id(Settlement s) {
        return s.wake().id().value();
    }

    private static int step(NextStep next) {
        return switch (next) {
            case NextStep.Delivered() -> DELIVERED;
            case NextStep.Retry(long _) -> CLIMB;
            case NextStep.Exhausted() -> EXHAUSTED;
            case NextStep.Unchanged() -> REST;
        };
    }

    private static <T> @Nullable T ofAnswer(Settlement s, Function<Attempt.Answer, T> part) {
        Attempt.Answer answer = s.attempt().answer();
        return answer == null ? null : part.apply(answer);
    }

    /**
     * A row as the settlement found it.
     *
     * @param wasOrdered it was accepted as ordered, whether or not it has its mark still
     */
    private record Standing(
            long id,
            int move,
            int wake,
            int state,
            int stateThen,
            int wakeLocation,
            @Nullable Long nextAttemptAt,
            boolean ordered,
            boolean wasOrdered) {

        static Standing of(ResultSet row) throws SQLException {
            return new Standing(
                    row.getLong(1),
                    row.getInt(2),
                    row.getInt(3),
                    row.getInt(4),
                    row.getInt(5),
                    row.getInt(6),
                    NullableColumns.number(row, 7),
                    row.getBoolean(8),
                    row.getBoolean(9));
        }

        Settled applied(Settlement s) {
            Wake next = move == 1
                            && s.next() instanceof NextStep.Retry(long dueAt)
                            && s.wakeLocation() == WakeLocation.QUEUED
                    ? new Wake(s.wake().id(), wake + 1, dueAt)
                    : null;
            return new Settled.Applied(next, ordered && stateThen != NotificationState.WAITING.code());
        }

        /** The answer that was lost the first time, as far as the record still tells. */
        Settled appliedBefore(Settlement s) {
            Wake next =
                    wake == s.wake().number() + 1 && nextAttemptAt != null && wakeLocation == WakeLocation.QUEUED.code()
                            ? new Wake(s.wake().id(), wake, nextAttemptAt)
                            : null;
            return new Settled.Applied(next, wasOrdered && state != NotificationState.WAITING.code());
        }
    }
}
