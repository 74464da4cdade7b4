package dev.rung.store.postgresql;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Park;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.NotificationRows;
import dev.rung.store.common.ReceiverRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Notifications in PostgreSQL. Thread-safe; several servers may share the database.
 *
 * <p>Uses read committed. Statements decide only from rows that they have locked; PostgreSQL rereads a row after waiting for its lock.
 */
public final class PostgresNotificationStore implements NotificationStore {
    private static final String DELIVERY = NotificationRows.delivery("""
            SELECT FROM delivery before
            WHERE before.holds_order AND before.merchant_id = d.merchant_id AND before.endpoint_id = d.endpoint_id
              AND before.order_no = d.order_no AND (before.position, before.id) < (d.position, d.id)""");

    private static final String LOOK =
            "SELECT " + DELIVERY + " FROM delivery d JOIN notification n ON n.id = d.id WHERE d.id = ANY (?::bigint[])";

    private static final String PAYLOAD = "SELECT payload FROM notification WHERE id = ?";

    private static final String HOLD = """
            WITH current AS (
              SELECT d.id, i.reason, i.since
              FROM unnest(?::bigint[], ?::int[], ?::int[], ?::bigint[]) AS i(id, number, reason, since)
              JOIN delivery d ON d.id = i.id
              WHERE d.wake_number = i.number AND d.next_attempt_at IS NOT NULL
              ORDER BY d.id FOR UPDATE OF d
            )
            UPDATE delivery d SET wake_location = ?, wake_number = d.wake_number + 1, held_by = c.reason,
              held_since = coalesce(d.held_since, c.since)
            FROM current c WHERE d.id = c.id RETURNING d.id
            """;

    /**
     * Locks the deliveries to park and the nearest predecessor of each. A settlement that releases one then commits either before, and
     * {@link #HOLD_BY_ORDER} sees it, or after, and finds the delivery parked.
     */
    private static final String LOCK_WITH_PREDECESSORS = """
            SELECT d.id FROM delivery d
            WHERE d.id = ANY (
              SELECT unnest(ARRAY[later.id, (
                SELECT before.id FROM delivery before
                WHERE before.holds_order AND before.merchant_id = later.merchant_id
                  AND before.endpoint_id = later.endpoint_id AND before.order_no = later.order_no
                  AND (before.position, before.id) < (later.position, later.id)
                ORDER BY before.position DESC, before.id DESC LIMIT 1)])
              FROM delivery later WHERE later.id = ANY (?::bigint[]))
            ORDER BY d.id FOR UPDATE OF d
            """;

    private static final String HOLD_BY_ORDER = CodedSql.of("""
            UPDATE delivery d SET wake_location = {WakeLocation.HELD_BY_ORDER}, wake_number = d.wake_number + 1,
              held_by = i.reason, held_since = coalesce(d.held_since, i.since)
            FROM unnest(?::bigint[], ?::int[], ?::int[], ?::bigint[]) AS i(id, number, reason, since)
            WHERE d.id = i.id AND d.wake_number = i.number AND d.next_attempt_at IS NOT NULL AND d.holds_order
              AND EXISTS (SELECT FROM delivery before
                WHERE before.holds_order AND before.merchant_id = d.merchant_id
                  AND before.endpoint_id = d.endpoint_id AND before.order_no = d.order_no
                  AND (before.position, before.id) < (d.position, d.id))
            RETURNING d.id
            """);

    /** Skips locked rows: waiting while rows are locked out of id order could deadlock. */
    private static String unparkHeld(String bulkhead) {
        return """
            WITH oldest AS (
              SELECT id FROM delivery
              WHERE wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND next_attempt_at IS NOT NULL AND %s
              ORDER BY next_attempt_at, id LIMIT ? FOR UPDATE SKIP LOCKED
            )""".formatted(bulkhead) + unparked("oldest");
    }

    private static final String OF_RECEIVER =
            "kind = {DeliveryKind.NOTIFICATION} AND merchant_id = ? AND endpoint_id = ?";
    private static final String OF_CHANNEL = "kind <> {DeliveryKind.NOTIFICATION} AND channel = ?";

    private static final String UNPARK_HELD_BY_RECEIVER = CodedSql.of(unparkHeld(OF_RECEIVER));

    private static final String UNPARK_HELD_BY_CHANNEL = CodedSql.of(unparkHeld(OF_CHANNEL));

    private static String countHeld(String bulkhead) {
        return CodedSql.of("""
            SELECT count(*) FROM (
              SELECT FROM delivery
              WHERE wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND next_attempt_at IS NOT NULL AND %s LIMIT ?) held
            """.formatted(bulkhead));
    }

    private static final String COUNT_HELD_BY_RECEIVER = countHeld(OF_RECEIVER);
    private static final String COUNT_HELD_BY_CHANNEL = countHeld(OF_CHANNEL);

    /**
     * Only the first delivery of an order has no predecessor, and it stays marked as ordered when it is unparked, so an order yields one
     * delivery at a time.
     */
    private static String unparkReleased(String which) {
        return """
            WITH released AS (
              SELECT d.id FROM delivery d
              WHERE d.wake_location = {WakeLocation.HELD_BY_ORDER} AND d.next_attempt_at IS NOT NULL %s
                AND NOT EXISTS (SELECT FROM delivery before
                  WHERE before.holds_order AND before.merchant_id = d.merchant_id
                  AND before.endpoint_id = d.endpoint_id AND before.order_no = d.order_no
                    AND (before.position, before.id) < (d.position, d.id))
              LIMIT ? FOR UPDATE OF d SKIP LOCKED
            )""".formatted(which) + unparked("released");
    }

    private static final String UNPARK_RELEASED_OF_ORDER =
            CodedSql.of(unparkReleased("AND d.merchant_id = ? AND d.endpoint_id = ? AND d.order_no = ?"));

    private static final String UNPARK_RELEASED = CodedSql.of(unparkReleased(""));

    private static String unparked(String chosen) {
        return """
            , d AS (
              UPDATE delivery d SET wake_location = {WakeLocation.QUEUED}, wake_number = d.wake_number + 1 FROM %s c WHERE d.id = c.id RETURNING d.*
            )
            SELECT %s FROM d JOIN notification n ON n.id = d.id ORDER BY d.next_attempt_at, d.id
            """.formatted(chosen, DELIVERY);
    }

    /** Skips from the first row of a bulkhead to that of the next (loose index scan). */
    private static final String RECEIVERS_HOLDING = CodedSql.of("""
            WITH RECURSIVE holding AS (
              (SELECT merchant_id, endpoint_id FROM delivery
               WHERE wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND kind = {DeliveryKind.NOTIFICATION}
                 AND next_attempt_at IS NOT NULL AND (merchant_id, endpoint_id) > (?, ?)
               ORDER BY merchant_id, endpoint_id LIMIT 1)
              UNION ALL
              SELECT next.* FROM holding h, LATERAL (
                SELECT d.merchant_id, d.endpoint_id FROM delivery d
                WHERE d.wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND d.kind = {DeliveryKind.NOTIFICATION}
                  AND d.next_attempt_at IS NOT NULL AND (d.merchant_id, d.endpoint_id) > (h.merchant_id, h.endpoint_id)
                ORDER BY d.merchant_id, d.endpoint_id LIMIT 1) next
            )
            SELECT merchant_id, endpoint_id FROM holding LIMIT ?
            """);

    private static final String CHANNELS_HOLDING = CodedSql.of("""
            WITH RECURSIVE holding AS (
              (SELECT channel FROM delivery
               WHERE wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND kind <> {DeliveryKind.NOTIFICATION}
                 AND next_attempt_at IS NOT NULL AND channel > ? ORDER BY channel LIMIT 1)
              UNION ALL
              SELECT (SELECT d.channel FROM delivery d
                WHERE d.wake_location = {WakeLocation.HELD_BY_BULKHEAD} AND d.kind <> {DeliveryKind.NOTIFICATION}
                  AND d.next_attempt_at IS NOT NULL AND d.channel > h.channel
                ORDER BY d.channel LIMIT 1)
              FROM holding h WHERE h.channel IS NOT NULL
            )
            SELECT channel FROM holding WHERE channel IS NOT NULL LIMIT ?
            """);

    private static final String QUEUED = CodedSql.of("SELECT " + NotificationRows.WAKE + """
             FROM delivery d
            WHERE d.wake_location = {WakeLocation.QUEUED} AND d.next_attempt_at IS NOT NULL
              AND (d.next_attempt_at, d.id) > (?, ?) AND d.next_attempt_at <= ?
            ORDER BY d.next_attempt_at, d.id LIMIT ?
            """);

    private static final String REARM = CodedSql.of("""
            WITH lost AS (
              SELECT d.id FROM unnest(?::bigint[], ?::int[]) AS i(id, number) JOIN delivery d ON d.id = i.id
              WHERE d.wake_number = i.number AND d.next_attempt_at IS NOT NULL AND d.wake_location = {WakeLocation.QUEUED}
              ORDER BY d.id FOR UPDATE OF d
            )
            UPDATE delivery d SET wake_number = d.wake_number + 1, may_repeat = d.may_repeat OR ? FROM lost l WHERE d.id = l.id
            RETURNING\s""" + NotificationRows.WAKE);

    private static final String PROMOTE_DEFERRED = CodedSql.of("""
            WITH near AS (
              SELECT id FROM delivery
              WHERE wake_location = {WakeLocation.DEFERRED} AND next_attempt_at IS NOT NULL AND next_attempt_at <= ?
              ORDER BY next_attempt_at, id LIMIT ? FOR UPDATE SKIP LOCKED
            )
            UPDATE delivery d SET wake_location = {WakeLocation.QUEUED}, wake_number = d.wake_number + 1 FROM near c WHERE d.id = c.id
            RETURNING\s""" + NotificationRows.WAKE);

    private static final String RESEND =
            CodedSql.of("""
            WITH was AS (
              SELECT d.id, d.state, d.rung, coalesce(d.ladder_name, '') AS ladder,
                d.kind = {DeliveryKind.NOTIFICATION} AS counted, cardinality(string_to_array(n.ladder, ',')) AS steps
              FROM delivery d JOIN notification n ON n.id = d.id
              WHERE d.id = ANY (?::bigint[])
              ORDER BY d.id FOR UPDATE OF d
            ), moved AS (
              UPDATE delivery d SET
                wake_number = d.wake_number + 1,
                wake_location = {WakeLocation.QUEUED},
                next_attempt_at = ?,
                holds_order = false,
                url = ?,
                urgent = ?,
                held_by = NULL,
                held_since = NULL,
                state = CASE WHEN d.state = {DeliveryState.DELIVERED} THEN d.state ELSE {DeliveryState.WAITING} END,
                settled_at = CASE WHEN d.state = {DeliveryState.DELIVERED} THEN d.settled_at END,
                rung = CASE WHEN d.state = {DeliveryState.DELIVERED} THEN d.rung ELSE 0 END,
                attempts_max = d.attempts_made + 1 + CASE WHEN d.state = {DeliveryState.DELIVERED} THEN 0 ELSE w.steps END
              FROM was w WHERE d.id = w.id
              RETURNING d.id, d.wake_number, d.next_attempt_at
            ), moved_counts AS (
              SELECT state, CASE WHEN state = {DeliveryState.WAITING} THEN ladder ELSE '' END AS ladder,
                  CASE WHEN state = {DeliveryState.WAITING} THEN rung ELSE 0 END AS rung, -1 AS by
              FROM was WHERE state <> {DeliveryState.DELIVERED} AND counted
              UNION ALL
              SELECT {DeliveryState.WAITING}, ladder, 0, 1 FROM was WHERE state <> {DeliveryState.DELIVERED} AND counted
            )
            """ + StateCounters.CTE + "SELECT id, wake_number, next_attempt_at FROM moved");

    private static final String CANCEL = CodedSql.of("""
            WITH was AS (
              SELECT id, state, rung, coalesce(ladder_name, '') AS ladder, kind = {DeliveryKind.NOTIFICATION} AS counted
              FROM delivery WHERE id = ? FOR UPDATE
            ), moved AS (
              UPDATE delivery d SET state = {DeliveryState.CANCELLED}, wake_number = d.wake_number + 1,
                wake_location = {WakeLocation.QUEUED}, next_attempt_at = NULL, holds_order = false, settled_at = ?, urgent = false, held_by = NULL, held_since = NULL
              FROM was w WHERE d.id = w.id AND w.state = {DeliveryState.WAITING}
            ), moved_counts AS (
              SELECT state, ladder, rung, -1 AS by FROM was WHERE state = {DeliveryState.WAITING} AND counted
              UNION ALL
              SELECT {DeliveryState.CANCELLED}, '', 0, 1 FROM was
              WHERE state = {DeliveryState.WAITING} AND counted
            )
            """ + StateCounters.CTE + "SELECT state FROM was");

    /** Its scan is bounded by the primary key: an id's time is not after the settlement's, and few settled rows remain before the limit. */
    private static final String PURGE = CodedSql.of("""
            WITH old AS (
              SELECT d.id, d.state, d.kind = {DeliveryKind.NOTIFICATION} AS counted FROM delivery d JOIN notification n ON n.id = d.id
              WHERE d.id < ? AND d.settled_at < ? AND d.next_attempt_at IS NULL
                AND (n.idempotency_key IS NULL
                  OR n.created_at <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 86400000
                    AND NOT EXISTS (SELECT FROM notification other
                      WHERE other.merchant_id = n.merchant_id AND other.event_id = n.id AND other.event_id IS NOT NULL))
              ORDER BY d.id LIMIT ? FOR UPDATE OF d SKIP LOCKED
            ), deliveries AS (
              DELETE FROM delivery d USING old WHERE d.id = old.id
            ), notifications AS (
              DELETE FROM notification n USING old WHERE n.id = old.id
            ), attempts AS (
              DELETE FROM attempt a USING old WHERE a.notification_id = old.id
            ), moved_counts AS (
              SELECT state, '' AS ladder, 0 AS rung, -1 AS by FROM old WHERE counted
            )
            """ + StateCounters.CTE + "SELECT count(*) FROM old");

    private static final String LAST_ID = """
            SELECT greatest(
              (SELECT max(id) FROM notification),
              (SELECT max(id) FROM last_attempt),
              0)
            """;

    static final String NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    private final PostgresDatabase database;

    PostgresNotificationStore(PostgresDatabase database) {
        this.database = database;
    }

    @Override
    public List<Acceptance> accept(List<NewNotification> batch) {
        if (batch.isEmpty()) {
            return List.of();
        }
        return NotificationInserts.isSingle(batch)
                ? database.single(connection -> NotificationInserts.accept(connection, batch))
                : database.transaction(connection -> NotificationInserts.accept(connection, batch));
    }

    @Override
    public List<@Nullable Delivery> findDeliveries(List<NotificationId> ids) {
        Map<NotificationId, Delivery> found = HashMap.newHashMap(ids.size());
        database.rows(LOOK, p -> p.longs(ids, NotificationId::value), NotificationRows::delivery)
                .forEach(delivery -> found.put(delivery.id(), delivery));
        return inOrder(ids, found);
    }

    @Override
    public byte @Nullable [] payload(NotificationId id) {
        List<byte[]> found = database.rows(PAYLOAD, p -> p.number(id.value()), row -> row.getBytes("payload"));
        return found.isEmpty() ? null : found.getFirst();
    }

    @Override
    public List<Settled> settle(List<Settlement> batch) {
        return batch.isEmpty() ? List.of() : database.single(connection -> Settlements.settle(connection, batch));
    }

    @Override
    public List<Boolean> park(List<Park> batch, WakeLocation wakeLocation) {
        Set<Long> parked = switch (wakeLocation) {
            case HELD_BY_ORDER -> database.transaction(connection -> holdByOrder(connection, batch));
            case HELD_BY_BULKHEAD, DEFERRED ->
                new HashSet<>(
                        database.rows(HOLD, p -> parks(p, batch).number(wakeLocation.code()), row -> row.getLong(1)));
            case QUEUED -> throw new IllegalArgumentException("a delivery cannot be parked in the queue");
        };
        return batch.stream().map(p -> parked.contains(p.wake().id().value())).toList();
    }

    private static Set<Long> holdByOrder(Connection connection, List<Park> batch) throws SQLException {
        PostgresDatabase.rows(
                connection,
                LOCK_WITH_PREDECESSORS,
                p -> p.longs(batch, b -> b.wake().id().value()),
                row -> row.getLong(1));
        return new HashSet<>(
                PostgresDatabase.rows(connection, HOLD_BY_ORDER, p -> parks(p, batch), row -> row.getLong(1)));
    }

    @Override
    public List<Delivery> unparkHeld(BulkheadKey bulkhead, int limit) {
        return switch (bulkhead) {
            case BulkheadKey.OfReceiver(ReceiverId receiver) ->
                database.rows(
                        UNPARK_HELD_BY_RECEIVER, p -> receiver(p, receiver).number(limit), NotificationRows::delivery);
            case BulkheadKey.OfChannel(String channel) ->
                database.rows(UNPARK_HELD_BY_CHANNEL, p -> p.text(channel).number(limit), NotificationRows::delivery);
        };
    }

    @Override
    public int countHeld(BulkheadKey bulkhead, int max) {
        return switch (bulkhead) {
            case BulkheadKey.OfReceiver(ReceiverId receiver) ->
                database.rows(COUNT_HELD_BY_RECEIVER, p -> receiver(p, receiver).number(max), row -> row.getInt(1))
                        .getFirst();
            case BulkheadKey.OfChannel(String channel) ->
                database.rows(COUNT_HELD_BY_CHANNEL, p -> p.text(channel).number(max), row -> row.getInt(1))
                        .getFirst();
        };
    }

    private static Parameters receiver(Parameters p, ReceiverId receiver) throws SQLException {
        return p.number(receiver.merchant().value()).number(receiver.endpointCode());
    }

    @Override
    public List<Delivery> unparkReleased(@Nullable ReceiverId receiver, @Nullable String orderNo, int limit) {
        return receiver == null || orderNo == null
                ? database.rows(UNPARK_RELEASED, p -> p.number(limit), NotificationRows::delivery)
                : database.rows(
                        UNPARK_RELEASED_OF_ORDER,
                        p -> receiver(p, receiver).text(orderNo).number(limit),
                        NotificationRows::delivery);
    }

    @Override
    public List<BulkheadKey> bulkheadsHolding(@Nullable BulkheadKey after, int limit) {
        List<BulkheadKey> found = new ArrayList<>();
        if (!(after instanceof BulkheadKey.OfChannel)) {
            long merchant = after instanceof BulkheadKey.OfReceiver(ReceiverId id)
                    ? id.merchant().value()
                    : -1;
            long endpoint = after instanceof BulkheadKey.OfReceiver(ReceiverId id) ? id.endpointCode() : 0;
            found.addAll(database.rows(
                    RECEIVERS_HOLDING,
                    p -> p.number(merchant).number(endpoint).number(limit),
                    row -> new BulkheadKey.OfReceiver(ReceiverRows.receiver(row))));
        }
        if (found.size() < limit) {
            String channel = after instanceof BulkheadKey.OfChannel(String name) ? name : "";
            found.addAll(database.rows(
                    CHANNELS_HOLDING,
                    p -> p.text(channel).number(limit - found.size()),
                    row -> new BulkheadKey.OfChannel(row.getString("channel"))));
        }
        return found;
    }

    @Override
    public List<Wake> queued(@Nullable Wake after, long dueUntil, int limit) {
        return database.rows(
                QUEUED,
                p -> p.number(after == null ? Long.MIN_VALUE : after.dueAt())
                        .number(after == null ? -1 : after.id().value())
                        .number(dueUntil)
                        .number(limit),
                NotificationRows::wake);
    }

    @Override
    public List<Wake> rearm(List<Wake> lost, boolean mayRepeat) {
        Map<NotificationId, Wake> rearmed = HashMap.newHashMap(lost.size());
        database.rows(REARM, p -> ids(p, lost).flag(mayRepeat), NotificationRows::wake)
                .forEach(w -> rearmed.put(w.id(), w));
        return lost.stream()
                .map(w -> rearmed.get(w.id()))
                .flatMap(Stream::ofNullable)
                .toList();
    }

    @Override
    public List<Wake> promoteDeferred(long dueUntil, int limit) {
        return database.rows(PROMOTE_DEFERRED, p -> p.number(dueUntil).number(limit), NotificationRows::wake).stream()
                .sorted(Comparator.comparingLong(Wake::dueAt).thenComparing(Wake::id))
                .toList();
    }

    @Override
    public List<@Nullable Wake> resend(List<NotificationId> ids, @Nullable String url, boolean urgent, long now) {
        Map<NotificationId, Wake> delivery = HashMap.newHashMap(ids.size());
        database.rows(
                        RESEND,
                        p -> p.longs(ids, NotificationId::value)
                                .number(now)
                                .text(url)
                                .flag(urgent),
                        NotificationRows::wake)
                .forEach(w -> delivery.put(w.id(), w));
        return inOrder(ids, delivery);
    }

    @Override
    public Cancellation cancel(NotificationId id, long now) {
        List<Integer> was = database.rows(CANCEL, p -> p.number(id.value()).number(now), row -> row.getInt(1));
        if (was.isEmpty()) {
            return Cancellation.UNKNOWN;
        }
        return was.getFirst() == DeliveryState.WAITING.code() ? Cancellation.CANCELLED : Cancellation.ALREADY_SETTLED;
    }

    @Override
    public int purge(long settledBefore, int limit) {
        return database.rows(
                        PURGE,
                        p -> p.number(Ids.first(settledBefore))
                                .number(settledBefore)
                                .number(limit),
                        row -> row.getInt(1))
                .getFirst();
    }

    @Override
    public long lastId() {
        return database.rows(LAST_ID, p -> {}, row -> row.getLong(1)).getFirst();
    }

    @Override
    public long now() {
        return database.rows(NOW, p -> {}, row -> row.getLong(1)).getFirst();
    }

    private static Parameters parks(Parameters p, List<Park> batch) throws SQLException {
        return p.longs(batch, b -> b.wake().id().value())
                .ints(batch, b -> b.wake().number())
                .ints(batch, b -> b.reason().code())
                .longs(batch, Park::since);
    }

    private static Parameters ids(Parameters p, List<Wake> wakes) throws SQLException {
        return p.longs(wakes, w -> w.id().value()).ints(wakes, Wake::number);
    }

    /** The rows in the order of the ids, null where there is none. */
    private static <T> List<@Nullable T> inOrder(List<NotificationId> ids, Map<NotificationId, T> found) {
        List<@Nullable T> answers = new ArrayList<>(ids.size());
        ids.forEach(id -> answers.add(found.get(id)));
        return answers;
    }
}
