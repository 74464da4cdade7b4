package dev.rung.store.postgresql;

import dev.rung.core.model.EventId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.TraceParent;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.IdDrift;
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

/** Stores new notifications on the given connection, in their own transaction or in that of the change that causes them. */
final class NotificationInserts {
    private static String accept(String onConflict) {
        return CodedSql.of(
                """
            WITH stored AS (
              INSERT INTO notification (id, merchant_id, endpoint_id, event_id, position, created_at, kind, ordered, url, own_url, order_no, event_type,
                  ladder, ladder_name, idempotency_key, body_digest, traceparent, payload)
              SELECT i.id, i.merchant_id, i.endpoint_id, i.event_id, p.position, i.created_at, i.kind, i.ordered, i.url, i.own_url, i.order_no, i.event_type,
                  i.ladder, i.ladder_name, i.idempotency_key, i.body_digest, i.traceparent, i.payload
              FROM (SELECT pg_current_xact_id()::text::bigint + added AS position FROM feed_origin) AS p,
                unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::boolean[], ?::text[], ?::boolean[],
                  ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::text[], ?::bytea[])
                AS i(id, merchant_id, endpoint_id, event_id, created_at, kind, ordered, url, own_url, order_no,
                  event_type, ladder, ladder_name, idempotency_key, body_digest, traceparent, payload)
              %s
              RETURNING id, merchant_id, endpoint_id, kind, position, ordered, order_no, ladder, ladder_name
            ), owed AS (
              INSERT INTO delivery (id, merchant_id, endpoint_id, next_attempt_at, wake_number, attempts_made, attempts_max, rung, state,
                  wake_location, kind, may_repeat, holds_order, position, order_no, ladder_name, channel, urgent, throttled_count)
              SELECT s.id, s.merchant_id, s.endpoint_id, i.due_at, %d, 0, cardinality(string_to_array(s.ladder, ',')) + 1, 0,
                  {DeliveryState.WAITING}, i.wake_location, s.kind, false, s.ordered,
                  CASE WHEN s.ordered THEN s.position END, CASE WHEN s.ordered THEN s.order_no END, s.ladder_name, i.channel, i.urgent, 0
              FROM stored s JOIN unnest(?::bigint[], ?::bigint[], ?::int[], ?::text[], ?::boolean[])
                AS i(id, due_at, wake_location, channel, urgent)
                ON i.id = s.id
            ), moved_counts AS (
              SELECT {DeliveryState.WAITING} AS state, coalesce(ladder_name, '') AS ladder, 0 AS rung, 1 AS by FROM stored
              WHERE kind = {DeliveryKind.NOTIFICATION}
            )
            """.formatted(onConflict, NewNotification.FIRST_WAKE) + StateCounters.CTE + "SELECT id FROM stored");
    }

    /** Without idempotency keys only the id can conflict, which is an error; not checking for conflicts is cheaper. */
    private static final String ACCEPT = accept("");

    /**
     * Inserting a repeated key waits for the transaction that used it first, so keys are always inserted in the same order ({@link
     * #BY_KEY}). A duplicate id is an error, a duplicate key is not.
     */
    private static final String ACCEPT_UNDER_KEYS =
            accept("ON CONFLICT (merchant_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING");

    private static final String FIRST_OF_KEY = """
            SELECT i.id, n.id AS first_id, n.body_digest = i.body_digest AS is_same
            FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::bytea[]) AS i(id, merchant_id, idempotency_key, body_digest)
            JOIN notification n ON n.merchant_id = i.merchant_id AND n.idempotency_key = i.idempotency_key
            """;

    /** Notifications with a key first, ordered by key, duplicates within the batch in their order; then the others by id. */
    private static final Comparator<NewNotification> BY_KEY = Comparator.comparing(
                    NotificationInserts::key, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(NewNotification::merchantId)
            .thenComparing(NewNotification::id);

    /** How often an insert is repeated if its key conflicts but is purged before it can be read. */
    private static final int ROUNDS_MAX = 5;

    private NotificationInserts() {}

    /** Whether a single statement stores it, which needs no explicit transaction. */
    static boolean isSingle(List<NewNotification> batch) {
        return !hasKeys(batch) && batch.stream().allMatch(n -> n.also().isEmpty());
    }

    private static boolean hasKeys(List<NewNotification> batch) {
        return batch.stream().anyMatch(n -> n.idempotency() != null);
    }

    static List<Acceptance> accept(Connection connection, List<NewNotification> batch) throws SQLException {
        IdDrift drift = IdDrift.of(batch);
        if (drift != null) {
            PostgresDatabase.change(connection, IdDrift.RAISE, p -> p.values(drift.raising()));
        }
        Map<NotificationId, Acceptance> answers = HashMap.newHashMap(batch.size());
        List<NewNotification> open = batch;
        for (int round = 1; !open.isEmpty(); round++) {
            if (round > ROUNDS_MAX) {
                throw new SQLException("idempotency keys were used and purged " + ROUNDS_MAX + " times in a row");
            }
            Set<NotificationId> ids = insert(connection, open);
            List<NewNotification> stored =
                    open.stream().filter(n -> ids.contains(n.id())).toList();
            insertAlso(connection, stored);
            stored.forEach(n -> answers.put(n.id(), new Acceptance.Stored(n)));
            List<NewNotification> refused =
                    open.stream().filter(n -> !ids.contains(n.id())).toList();
            answers.putAll(firstOfKey(connection, refused));
            open = refused.stream().filter(n -> !answers.containsKey(n.id())).toList();
        }
        return batch.stream().map(n -> answers.get(n.id())).toList();
    }

    /** The further notifications of events whose first one is stored. */
    private static void insertAlso(Connection connection, List<NewNotification> first) throws SQLException {
        List<NewNotification> also =
                first.stream().flatMap(n -> n.also().stream()).toList();
        if (!also.isEmpty()) {
            insert(connection, also);
        }
    }

    private static Set<NotificationId> insert(Connection connection, List<NewNotification> batch) throws SQLException {
        List<NewNotification> rows = new ArrayList<>(batch);
        rows.sort(BY_KEY);
        return new HashSet<>(PostgresDatabase.rows(
                connection,
                hasKeys(batch) ? ACCEPT_UNDER_KEYS : ACCEPT,
                p -> p.longs(rows, n -> n.id().value())
                        .longs(rows, n -> n.merchantId().value())
                        .longs(rows, n -> n.receiver().endpointCode())
                        .longsOrNull(rows, NotificationInserts::event)
                        .longs(rows, n -> n.content().createdAt())
                        .ints(rows, n -> n.kind().code())
                        .flags(rows, NewNotification::ordered)
                        .texts(rows, n -> n.content().url())
                        .flags(rows, n -> n.content().ownUrl())
                        .texts(rows, n -> n.content().orderNo())
                        .texts(rows, n -> n.content().eventType())
                        .texts(rows, n -> n.ladder().compact())
                        .texts(rows, NewNotification::ladderName)
                        .texts(rows, NotificationInserts::key)
                        .byteses(rows, NotificationInserts::digest)
                        .texts(rows, NotificationInserts::trace)
                        .byteses(rows, NewNotification::payload)
                        .longs(rows, n -> n.id().value())
                        .longs(rows, NewNotification::dueAt)
                        .ints(rows, n -> n.wakeLocation().code())
                        .texts(rows, NewNotification::channel)
                        .flags(rows, NewNotification::urgent),
                row -> new NotificationId(row.getLong("id"))));
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
                row -> answers.put(new NotificationId(row.getLong("id")), refusal(row)));
        return answers;
    }

    private static Acceptance refusal(ResultSet row) throws SQLException {
        NotificationId first = new NotificationId(row.getLong("first_id"));
        return row.getBoolean("is_same") ? new Acceptance.Repeated(first) : new Acceptance.Conflicting(first);
    }

    private static @Nullable Long event(NewNotification n) {
        EventId event = n.content().event();
        return event == null ? null : event.value();
    }

    private static @Nullable String trace(NewNotification n) {
        TraceParent trace = n.content().trace();
        return trace == null ? null : trace.text();
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
