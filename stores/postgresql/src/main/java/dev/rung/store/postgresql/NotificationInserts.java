package dev.rung.store.postgresql;

import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationStore.Acceptance;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores new notifications, on a connection that is given: alone in a transaction, or with what caused them. */
final class NotificationInserts {
    /**
     * A repeated key waits for the transaction that used it first, so keys are inserted in one order everywhere ({@link
     * #BY_KEY}). A taken id is an error, a taken key is not.
     */
    private static final String ACCEPT = """
            WITH stored AS (
              INSERT INTO notification (id, merchant_id, position, created_at, first_due_at, first_place, ordered,
                  url, order_no, event_type, ladder, ladder_name, idempotency_key, body_digest, payload)
              SELECT i.id, i.merchant_id, p.position, i.created_at, i.due_at, i.place, i.ordered,
                  i.url, i.order_no, i.event_type, i.ladder, i.ladder_name, i.idempotency_key, i.body_digest, i.payload
              FROM (SELECT pg_current_xact_id()::text::bigint + added AS position FROM feed_origin) AS p,
                unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::boolean[], ?::text[], ?::text[],
                  ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bytea[])
                AS i(id, merchant_id, created_at, due_at, place, ordered, url, order_no,
                  event_type, ladder, ladder_name, idempotency_key, body_digest, payload)
              ON CONFLICT (merchant_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
              RETURNING id, merchant_id, position, first_due_at, first_place, ordered, order_no, ladder, ladder_name
            ), owed AS (
              INSERT INTO delivery (id, merchant_id, next_attempt_at, wake, attempts_made, attempts_max, rung, state,
                  place, may_repeat, ordered, position, order_no, ladder_name)
              SELECT id, merchant_id, first_due_at, 1, 0, cardinality(string_to_array(ladder, ',')) + 1, 0, 0,
                  first_place, false, ordered, CASE WHEN ordered THEN position END, CASE WHEN ordered THEN order_no END,
                  ladder_name
              FROM stored
            ), moved_counts AS (
              SELECT 0 AS state, coalesce(ladder_name, '') AS ladder, 0 AS rung, 1 AS by FROM stored
              WHERE merchant_id >= 1024
            )
            """ + StateCounters.CTE + "SELECT id FROM stored";

    private static final String FIRST_OF_KEY = """
            SELECT i.id, n.id, n.body_digest = i.body_digest
            FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::bytea[]) AS i(id, merchant_id, idempotency_key, body_digest)
            JOIN notification n ON n.merchant_id = i.merchant_id AND n.idempotency_key = i.idempotency_key
            """;

    /** Those with a key first, by it; a batch's own repetition comes after what it repeats. The others in id order. */
    private static final Comparator<NewNotification> BY_KEY = Comparator.comparing(
                    NotificationInserts::key, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(NewNotification::merchantId)
            .thenComparing(NewNotification::id);

    /** A key that is taken and then is not there was purged between the two statements: its turn comes again, this often. */
    private static final int ROUNDS_MAX = 5;

    private NotificationInserts() {}

    /** Whether one statement stores it, which needs no transaction around it. */
    static boolean isSingle(List<NewNotification> batch) {
        return batch.stream().allMatch(n -> n.idempotency() == null);
    }

    static List<Acceptance> accept(Connection connection, List<NewNotification> batch) throws SQLException {
        IdDrift.note(connection, batch);
        Map<NotificationId, Acceptance> answers = HashMap.newHashMap(batch.size());
        List<NewNotification> open = batch;
        for (int round = 1; !open.isEmpty(); round++) {
            if (round > ROUNDS_MAX) {
                throw new SQLException("idempotency keys were taken and freed " + ROUNDS_MAX + " times in a row");
            }
            Set<NotificationId> stored = insert(connection, open);
            stored.forEach(id -> answers.put(id, new Acceptance.Stored(id)));
            List<NewNotification> refused =
                    open.stream().filter(n -> !stored.contains(n.id())).toList();
            answers.putAll(firstOfKey(connection, refused));
            open = refused.stream().filter(n -> !answers.containsKey(n.id())).toList();
        }
        return batch.stream().map(n -> answers.get(n.id())).toList();
    }

    private static Set<NotificationId> insert(Connection connection, List<NewNotification> batch) throws SQLException {
        List<NewNotification> rows = new ArrayList<>(batch);
        rows.sort(BY_KEY);
        return new HashSet<>(PostgresDatabase.rows(
                connection,
                ACCEPT,
                p -> p.longs(rows, n -> n.id().value())
                        .longs(rows, n -> n.merchantId().value())
                        .longs(rows, n -> n.content().createdAt())
                        .longs(rows, NewNotification::dueAt)
                        .ints(rows, n -> n.wakeLocation().code())
                        .flags(rows, NewNotification::ordered)
                        .texts(rows, n -> n.content().url())
                        .texts(rows, n -> n.content().orderNo())
                        .texts(rows, n -> n.content().eventType())
                        .texts(rows, n -> n.ladder().compact())
                        .texts(rows, NewNotification::ladderName)
                        .texts(rows, NotificationInserts::key)
                        .byteses(rows, NotificationInserts::digest)
                        .byteses(rows, NewNotification::payload),
                row -> new NotificationId(row.getLong(1))));
    }

    private static Map<NotificationId, Acceptance> firstOfKey(Connection connection, List<NewNotification> refused)
            throws SQLException {
        if (refused.isEmpty()) {
            return Map.of();
        }
        Map<NotificationId, Acceptance> answers = new HashMap<>();
        PostgresDatabase.rows(
                connection,
                FIRST_OF_KEY,
                p -> p.longs(refused, n -> n.id().value())
                        .longs(refused, n -> n.merchantId().value())
                        .texts(refused, NotificationInserts::key)
                        .byteses(refused, NotificationInserts::digest),
                row -> answers.put(new NotificationId(row.getLong(1)), refusal(row)));
        return answers;
    }

    private static Acceptance refusal(ResultSet row) throws SQLException {
        NotificationId first = new NotificationId(row.getLong(2));
        return row.getBoolean(3) ? new Acceptance.Repeated(first) : new Acceptance.Conflicting(first);
    }

    private static @Nullable String key(NewNotification n) {
        Idempotency idempotency = n.idempotency();
        return idempotency == null ? null : idempotency.key();
    }

    private static byte @Nullable [] digest(NewNotification n) {
        Idempotency idempotency = n.idempotency();
        return idempotency == null ? null : idempotency.bodyDigest();
    }
}
