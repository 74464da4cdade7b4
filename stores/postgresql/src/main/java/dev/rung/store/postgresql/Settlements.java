package dev.rung.store.postgresql;

import dev.rung.core.model.AlertKind;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.store.common.CodedSql;
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

/** Stores the results of attempts on the given connection. */
final class Settlements {
    /** The change requested by the attempt. */
    private enum Step implements CodedEnum {
        DELIVERED(0),
        RETRY(1),
        EXHAUSTED(2),
        UNCHANGED(3),
        THROTTLED(4);

        private final int code;

        Step(int code) {
            this.code = code;
        }

        static Step of(NextStep next) {
            return switch (next) {
                case NextStep.Delivered() -> DELIVERED;
                case NextStep.Retry(long _) -> RETRY;
                case NextStep.Exhausted() -> EXHAUSTED;
                case NextStep.Unchanged() -> UNCHANGED;
                case NextStep.Throttled(long _) -> THROTTLED;
            };
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public String text() {
            return name();
        }
    }

    /** The change applied to the delivery's row. */
    private enum Move implements CodedEnum {
        /** No change: the row has changed since. */
        NONE(0),
        /** The wake's number is current. */
        CURRENT(1),
        /** The row has changed, but the merchant has acknowledged. */
        LATE(2);

        private final int code;

        Move(int code) {
            this.code = code;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public String text() {
            return name();
        }
    }

    /**
     * One statement: locks the rows in id order and reads their current values ({@code was}), computes each row's {@code move} ({@link
     * Move}), and derives all changes from it.
     *
     * <p>A repeated settlement needs no check of its own: the first one changed the wake number, or the state is delivered if it was
     * acknowledged. So the repetition changes nothing, and its attempt row conflicts with the stored one.
     */
    private static final String SETTLE = CodedSql.of(
            """
            WITH was AS (
              SELECT i.*, d.wake_number, d.state, d.wake_location, d.next_attempt_at, d.rung, d.settled_at, d.holds_order, d.order_no, d.throttled_count,
                  coalesce(d.ladder_name, '') AS ladder, d.merchant_id, d.kind = {DeliveryKind.NOTIFICATION} AS counted
              FROM unnest(?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::int[], ?::bigint[],
                  ?::bigint[], ?::int[], ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::int[], ?::boolean[],
                  ?::text[], ?::bytea[], ?::text[], ?::text[], ?::int[], ?::int[])
                AS i(id, number, step, step_due_at, step_location, ended_at,
                  attempt_id, attempt_number, due_at, started_at, duration_millis, outcome, status, may_repeat,
                  headers, body, error, sent_to, held_millis, held_by)
              JOIN delivery d ON d.id = i.id
              ORDER BY d.id
              FOR UPDATE OF d
            ), judged AS (
              SELECT *, CASE
                  WHEN wake_number = number AND next_attempt_at IS NOT NULL THEN {Move.CURRENT}
                  WHEN outcome = {Outcome.ACKNOWLEDGED} AND state <> {DeliveryState.DELIVERED} THEN {Move.LATE}
                  ELSE {Move.NONE} END AS move
              FROM was
            ), becomes AS (
              SELECT *, CASE
                  WHEN state = {DeliveryState.DELIVERED} OR step = {Step.DELIVERED} OR move = {Move.LATE}
                    THEN {DeliveryState.DELIVERED}
                  WHEN step = {Step.EXHAUSTED} THEN {DeliveryState.EXHAUSTED}
                  ELSE state END AS state_then,
                CASE WHEN move = {Move.CURRENT} AND step <> {Step.THROTTLED} THEN 1 ELSE 0 END AS counts,
                CASE WHEN move = {Move.CURRENT} AND step = {Step.THROTTLED} THEN 1 ELSE 0 END AS throttles,
                move = {Move.CURRENT} AND step IN ({Step.RETRY}, {Step.THROTTLED}) AS owes
              FROM judged
            ), moved AS (
              UPDATE delivery d SET
                wake_number = d.wake_number + 1,
                state = b.state_then,
                wake_location = CASE WHEN b.owes THEN b.step_location ELSE {WakeLocation.QUEUED} END,
                next_attempt_at = CASE WHEN b.owes THEN b.step_due_at END,
                throttled_count = d.throttled_count + b.throttles,
                throttled_since = CASE WHEN b.throttles = 1 THEN coalesce(d.throttled_since, b.ended_at) ELSE d.throttled_since END,
                held_by = NULL,
                held_since = NULL,
                urgent = false,
                settled_at = CASE
                  WHEN b.state_then = {DeliveryState.WAITING} THEN NULL
                  WHEN b.state_then = b.state THEN coalesce(b.settled_at, b.ended_at)
                  ELSE b.ended_at END,
                rung = d.rung + b.counts,
                attempts_made = greatest(
                  d.attempts_made + b.counts, CASE WHEN b.throttles = 0 THEN b.attempt_number ELSE 0 END),
                may_repeat = false,
                url = coalesce(b.sent_to, d.url),
                holds_order = d.holds_order AND b.state_then = {DeliveryState.WAITING}
              FROM becomes b
              WHERE d.id = b.id AND b.move <> {Move.NONE}
            ), kept AS (
              INSERT INTO attempt (notification_id, id, merchant_id, number, due_at, started_at, duration_millis, outcome, status,
                  may_repeat, superseded, headers, body, error, held_millis, held_by)
              SELECT id, attempt_id, merchant_id, attempt_number, due_at, started_at, duration_millis, outcome, status,
                  may_repeat, move = {Move.NONE}, headers, body, error, held_millis, held_by
              FROM becomes
              ON CONFLICT (notification_id, id) DO NOTHING
            ), marked AS (
              INSERT INTO last_attempt (slot, id)
              SELECT %s, max(attempt_id) FROM becomes HAVING count(*) > 0
              ON CONFLICT (slot) DO UPDATE SET id = greatest(last_attempt.id, excluded.id)
            ), alerted AS (
              INSERT INTO alert (kind, subject, n, since)
              SELECT {AlertKind.NOTIFICATIONS_EXHAUSTED}, merchant_id::text, count(*), max(ended_at) FROM becomes
              WHERE move <> {Move.NONE} AND counted
                AND state_then = {DeliveryState.EXHAUSTED} AND state <> {DeliveryState.EXHAUSTED}
              GROUP BY merchant_id ORDER BY merchant_id::text
              ON CONFLICT (kind, subject) DO UPDATE SET n = alert.n + excluded.n
            ), moved_counts AS (
              SELECT state, CASE WHEN state = {DeliveryState.WAITING} THEN ladder ELSE '' END AS ladder,
                  CASE WHEN state = {DeliveryState.WAITING} THEN rung ELSE 0 END AS rung, -1 AS by
              FROM becomes WHERE move <> {Move.NONE} AND counted
              UNION ALL
              SELECT state_then, CASE WHEN state_then = {DeliveryState.WAITING} THEN ladder ELSE '' END,
                  CASE WHEN state_then = {DeliveryState.WAITING} THEN rung + counts ELSE 0 END, 1
              FROM becomes WHERE move <> {Move.NONE} AND counted
            )
            """.formatted(StateCounters.SLOT) + StateCounters.CTE + """
            SELECT id, move, wake_number, state, state_then, wake_location, next_attempt_at, holds_order,
              order_no IS NOT NULL AS was_ordered, throttles = 1 AND throttled_count >= %d AS forgets
            FROM becomes
            """.formatted(Delivery.THROTTLED_KEPT),
            List.of(Step.class, Move.class, AlertKind.class));

    private static final String WRITTEN_BEFORE = """
            SELECT a.notification_id
            FROM unnest(?::bigint[], ?::bigint[]) AS i(notification_id, id)
            JOIN attempt a ON a.notification_id = i.notification_id AND a.id = i.id
            WHERE NOT a.superseded
            """;

    private static final String FORGET_THROTTLED = CodedSql.of("""
            DELETE FROM attempt a USING unnest(?::bigint[]) AS i(id)
            WHERE a.notification_id = i.id AND a.outcome = {Outcome.THROTTLED} AND a.id <= (
              SELECT b.id FROM attempt b WHERE b.notification_id = i.id AND b.outcome = {Outcome.THROTTLED}
              ORDER BY b.id DESC LIMIT 1 OFFSET %d)
            RETURNING a.id
            """.formatted(Delivery.THROTTLED_KEPT));

    private Settlements() {}

    static List<Settled> settle(Connection connection, List<Settlement> batch) throws SQLException {
        Map<Long, RowBefore> standings = HashMap.newHashMap(batch.size());
        write(connection, batch).forEach(standing -> standings.put(standing.id, standing));
        List<RowBefore> forgetful =
                standings.values().stream().filter(RowBefore::forgets).toList();
        if (!forgetful.isEmpty()) {
            PostgresDatabase.rows(
                    connection, FORGET_THROTTLED, p -> p.longs(forgetful, RowBefore::id), row -> row.getLong("id"));
        }
        List<Settlement> unmoved = batch.stream()
                .filter(s -> {
                    RowBefore found = standings.get(id(s));
                    return found != null && found.move == Move.NONE;
                })
                .toList();
        Set<Long> before = writtenBefore(connection, unmoved);
        List<Settled> answers = new ArrayList<>(batch.size());
        for (Settlement s : batch) {
            RowBefore found = standings.get(id(s));
            if (found == null) {
                answers.add(new Settled.Gone());
            } else if (found.move != Move.NONE) {
                answers.add(found.applied(s));
            } else {
                answers.add(before.contains(id(s)) ? found.appliedBefore(s) : new Settled.Superseded());
            }
        }
        return answers;
    }

    private static List<RowBefore> write(Connection connection, List<Settlement> batch) throws SQLException {
        return PostgresDatabase.rows(
                connection,
                SETTLE,
                p -> p.longs(batch, Settlements::id)
                        .ints(batch, s -> s.wake().number())
                        .ints(batch, s -> Step.of(s.next()).code())
                        .longsOrNull(batch, s -> s.next().dueAt())
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
                        .texts(batch, s -> s.attempt().error())
                        .texts(batch, Settlement::url)
                        .intsOrNull(batch, s -> ofHeld(s, Attempt.Held::millis))
                        .intsOrNull(batch, s -> ofHeld(s, held -> held.reason().code())),
                RowBefore::of);
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
                row -> row.getLong("notification_id")));
    }

    private static long id(Settlement s) {
        return s.wake().id().value();
    }

    private static <T> @Nullable T ofAnswer(Settlement s, Function<Attempt.Answer, T> part) {
        Attempt.Answer answer = s.attempt().answer();
        return answer == null ? null : part.apply(answer);
    }

    private static <T> @Nullable T ofHeld(Settlement s, Function<Attempt.Held, T> part) {
        Attempt.Held held = s.attempt().held();
        return held == null ? null : part.apply(held);
    }

    /**
     * A row before the settlement.
     *
     * @param forgets whether it now has more throttled attempts than are kept
     * @param wasOrdered whether it was accepted as ordered, even if it no longer holds back later ones
     */
    private record RowBefore(
            long id,
            Move move,
            int wake,
            DeliveryState state,
            DeliveryState stateThen,
            WakeLocation wakeLocation,
            @Nullable Long nextAttemptAt,
            boolean holdsOrder,
            boolean wasOrdered,
            boolean forgets) {

        static RowBefore of(ResultSet row) throws SQLException {
            return new RowBefore(
                    row.getLong("id"),
                    CodedEnum.ofCode(Move.class, row.getInt("move")),
                    row.getInt("wake_number"),
                    CodedEnum.ofCode(DeliveryState.class, row.getInt("state")),
                    CodedEnum.ofCode(DeliveryState.class, row.getInt("state_then")),
                    CodedEnum.ofCode(WakeLocation.class, row.getInt("wake_location")),
                    NullableColumns.number(row, "next_attempt_at"),
                    row.getBoolean("holds_order"),
                    row.getBoolean("was_ordered"),
                    row.getBoolean("forgets"));
        }

        Settled applied(Settlement s) {
            Long dueAt = s.next().dueAt();
            Wake next = move == Move.CURRENT && dueAt != null && s.wakeLocation() == WakeLocation.QUEUED
                    ? new Wake(s.wake().id(), wake + 1, dueAt)
                    : null;
            return new Settled.Applied(next, holdsOrder && stateThen != DeliveryState.WAITING);
        }

        /** Reconstructs the result of a repeated settlement from the stored rows. */
        Settled appliedBefore(Settlement s) {
            Wake next = wake == s.wake().number() + 1 && nextAttemptAt != null && wakeLocation == WakeLocation.QUEUED
                    ? new Wake(s.wake().id(), wake, nextAttemptAt)
                    : null;
            return new Settled.Applied(next, wasOrdered && state != DeliveryState.WAITING);
        }
    }
}
