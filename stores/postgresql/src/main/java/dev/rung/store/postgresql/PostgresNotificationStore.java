package dev.rung.store.postgresql;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
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
 * <p>Written at read committed. What a statement decides, it decides from rows that it has locked: a lock that had to wait reads the
 * row anew.
 */
public final class PostgresNotificationStore implements NotificationStore {
    private static final String LOOK = "SELECT " + PostgresRows.OWED
            + " FROM delivery d JOIN notification n ON n.id = d.id WHERE d.id = ANY (?::bigint[])";

    private static final String PAYLOAD = "SELECT payload FROM notification WHERE id = ?";

    private static final String HOLD_BY_MERCHANT = """
            WITH current AS (
              SELECT d.id FROM unnest(?::bigint[], ?::int[]) AS i(id, number) JOIN delivery d ON d.id = i.id
              WHERE d.wake = i.number AND d.next_attempt_at IS NOT NULL
              ORDER BY d.id FOR UPDATE OF d
            )
            UPDATE delivery d SET place = ?, wake = d.wake + 1 FROM current c WHERE d.id = c.id RETURNING d.id
            """;

    /**
     * Locks what is to be parked, and with each one the nearest predecessor: a settlement that would release it comes before, and is
     * seen by {@link #HOLD_BY_ORDER}, or after, and then finds it parked.
     */
    private static final String LOCK_WITH_PREDECESSORS = """
            SELECT d.id FROM delivery d
            WHERE d.id = ANY (
              SELECT unnest(ARRAY[later.id, (
                SELECT before.id FROM delivery before
                WHERE before.ordered AND before.merchant_id = later.merchant_id AND before.order_no = later.order_no
                  AND (before.position, before.id) < (later.position, later.id)
                ORDER BY before.position DESC, before.id DESC LIMIT 1)])
              FROM delivery later WHERE later.id = ANY (?::bigint[]))
            ORDER BY d.id FOR UPDATE OF d
            """;

    private static final String HOLD_BY_ORDER = """
            UPDATE delivery d SET place = 2, wake = d.wake + 1
            FROM unnest(?::bigint[], ?::int[]) AS i(id, number)
            WHERE d.id = i.id AND d.wake = i.number AND d.next_attempt_at IS NOT NULL AND d.ordered
              AND EXISTS (SELECT FROM delivery before
                WHERE before.ordered AND before.merchant_id = d.merchant_id AND before.order_no = d.order_no
                  AND (before.position, before.id) < (d.position, d.id))
            RETURNING d.id
            """;

    /** What is being changed elsewhere is passed over: nobody is waited for while rows are locked out of id order. */
    private static final String PULL_HELD_BY_MERCHANT = """
            WITH oldest AS (
              SELECT id FROM delivery
              WHERE place = 1 AND next_attempt_at IS NOT NULL AND merchant_id = ?
              ORDER BY next_attempt_at, id LIMIT ? FOR UPDATE SKIP LOCKED
            )""" + pulled("oldest");

    /**
     * Only the first of an order can have no predecessor, and it still has its own mark when it is pulled: an order yields
     * one at a time.
     */
    private static String pullReleased(String which) {
        return """
            WITH released AS (
              SELECT d.id FROM delivery d
              WHERE d.place = 2 AND d.next_attempt_at IS NOT NULL %s
                AND NOT EXISTS (SELECT FROM delivery before
                  WHERE before.ordered AND before.merchant_id = d.merchant_id AND before.order_no = d.order_no
                    AND (before.position, before.id) < (d.position, d.id))
              LIMIT ? FOR UPDATE OF d SKIP LOCKED
            )""".formatted(which) + pulled("released");
    }

    private static final String PULL_RELEASED_OF_ORDER = pullReleased("AND d.merchant_id = ? AND d.order_no = ?");
    private static final String PULL_RELEASED = pullReleased("");

    private static String pulled(String chosen) {
        return """
            , d AS (
              UPDATE delivery d SET place = 0, wake = d.wake + 1 FROM %s c WHERE d.id = c.id RETURNING d.*
            )
            SELECT %s FROM d JOIN notification n ON n.id = d.id ORDER BY d.next_attempt_at, d.id
            """.formatted(chosen, PostgresRows.OWED);
    }

    /** From one merchant's first held row to the next merchant's, without reading those between. */
    private static final String MERCHANTS_HOLDING = """
            WITH RECURSIVE holding AS (
              (SELECT merchant_id FROM delivery
               WHERE place = 1 AND next_attempt_at IS NOT NULL AND merchant_id > ? ORDER BY merchant_id LIMIT 1)
              UNION ALL
              SELECT (SELECT d.merchant_id FROM delivery d
                WHERE d.place = 1 AND d.next_attempt_at IS NOT NULL AND d.merchant_id > h.merchant_id
                ORDER BY d.merchant_id LIMIT 1)
              FROM holding h WHERE h.merchant_id IS NOT NULL
            )
            SELECT merchant_id FROM holding WHERE merchant_id IS NOT NULL LIMIT ?
            """;

    private static final String QUEUED = "SELECT " + PostgresRows.WAKE + """
             FROM delivery d
            WHERE d.place = 0 AND d.next_attempt_at IS NOT NULL
              AND (d.next_attempt_at, d.id) > (?, ?) AND d.next_attempt_at <= ?
            ORDER BY d.next_attempt_at, d.id LIMIT ?
            """;

    private static final String REARM = """
            WITH lost AS (
              SELECT d.id FROM unnest(?::bigint[], ?::int[]) AS i(id, number) JOIN delivery d ON d.id = i.id
              WHERE d.wake = i.number AND d.next_attempt_at IS NOT NULL AND d.place = 0
              ORDER BY d.id FOR UPDATE OF d
            )
            UPDATE delivery d SET wake = d.wake + 1, may_repeat = d.may_repeat OR ? FROM lost l WHERE d.id = l.id
            RETURNING\s""" + PostgresRows.WAKE;

    private static final String BRING_NEAR = """
            WITH near AS (
              SELECT id FROM delivery
              WHERE place = 3 AND next_attempt_at IS NOT NULL AND next_attempt_at <= ?
              ORDER BY next_attempt_at, id LIMIT ? FOR UPDATE SKIP LOCKED
            )
            UPDATE delivery d SET place = 0, wake = d.wake + 1 FROM near c WHERE d.id = c.id
            RETURNING\s""" + PostgresRows.WAKE;

    private static final String RESEND = """
            WITH was AS (
              SELECT d.id, d.state, d.rung, coalesce(d.ladder_name, '') AS ladder,
                d.merchant_id >= 1024 AS counted, cardinality(string_to_array(n.ladder, ',')) AS steps
              FROM delivery d JOIN notification n ON n.id = d.id
              WHERE d.id = ANY (?::bigint[])
              ORDER BY d.id FOR UPDATE OF d
            ), moved AS (
              UPDATE delivery d SET
                wake = d.wake + 1,
                place = 0,
                next_attempt_at = ?,
                ordered = false,
                state = CASE WHEN d.state = 1 THEN 1 ELSE 0 END,
                settled_at = CASE WHEN d.state = 1 THEN d.settled_at END,
                rung = CASE WHEN d.state = 1 THEN d.rung ELSE 0 END,
                attempts_max = d.attempts_made + 1 + CASE WHEN d.state = 1 THEN 0 ELSE w.steps END
              FROM was w WHERE d.id = w.id
              RETURNING d.id, d.wake, d.next_attempt_at
            ), moved_counts AS (
              SELECT state, CASE WHEN state = 0 THEN ladder ELSE '' END AS ladder,
                  CASE WHEN state = 0 THEN rung ELSE 0 END AS rung, -1 AS by
              FROM was WHERE state <> 1 AND counted
              UNION ALL
              SELECT 0, ladder, 0, 1 FROM was WHERE state <> 1 AND counted
            )
            """ + StateCounters.CTE + "SELECT id, wake, next_attempt_at FROM moved";

    private static final String CANCEL = """
            WITH was AS (
              SELECT id, state, rung, coalesce(ladder_name, '') AS ladder, merchant_id >= 1024 AS counted
              FROM delivery WHERE id = ? FOR UPDATE
            ), moved AS (
              UPDATE delivery d SET state = 3, wake = d.wake + 1, place = 0, next_attempt_at = NULL, ordered = false,
                settled_at = ?
              FROM was w WHERE d.id = w.id AND w.state = 0
            ), moved_counts AS (
              SELECT 0 AS state, ladder, rung, -1 AS by FROM was WHERE state = 0 AND counted
              UNION ALL
              SELECT 3, '', 0, 1 FROM was WHERE state = 0 AND counted
            )
            """ + StateCounters.CTE + "SELECT state FROM was";

    private static final String PURGE = """
            WITH old AS (
              SELECT d.id, d.state, d.merchant_id >= 1024 AS counted FROM delivery d JOIN notification n ON n.id = d.id
              WHERE d.settled_at < ? AND d.next_attempt_at IS NULL
                AND (n.idempotency_key IS NULL
                  OR n.created_at <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 86400000)
              ORDER BY d.settled_at, d.id LIMIT ? FOR UPDATE OF d SKIP LOCKED
            ), deliveries AS (
              DELETE FROM delivery d USING old WHERE d.id = old.id
            ), notifications AS (
              DELETE FROM notification n USING old WHERE n.id = old.id
            ), attempts AS (
              DELETE FROM attempt a USING old WHERE a.notification_id = old.id
            ), moved_counts AS (
              SELECT state, '' AS ladder, 0 AS rung, -1 AS by FROM old WHERE counted
            )
            """ + StateCounters.CTE + "SELECT count(*) FROM old";

    private static final String LAST_ID = """
            SELECT greatest(
              (SELECT max(id) FROM notification),
              (SELECT max(id) FROM last_attempt),
              0)
            """;

    private static final String NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

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
        database.rows(LOOK, p -> p.longs(ids, NotificationId::value), PostgresRows::delivery)
                .forEach(delivery -> found.put(delivery.id(), delivery));
        return inOrder(ids, found);
    }

    @Override
    public byte @Nullable [] payload(NotificationId id) {
        List<byte[]> found = database.rows(PAYLOAD, p -> p.number(id.value()), row -> row.getBytes(1));
        return found.isEmpty() ? null : found.getFirst();
    }

    @Override
    public List<Settled> settle(List<Settlement> batch) {
        return batch.isEmpty() ? List.of() : database.single(connection -> Settlements.settle(connection, batch));
    }

    @Override
    public List<Boolean> park(List<Wake> wakes, WakeLocation wakeLocation) {
        Set<Long> parked = switch (wakeLocation) {
            case HELD_BY_ORDER -> database.transaction(connection -> holdByOrder(connection, wakes));
            case HELD_BY_MERCHANT, FAR ->
                new HashSet<>(database.rows(
                        HOLD_BY_MERCHANT, p -> ids(p, wakes).number(wakeLocation.code()), row -> row.getLong(1)));
            case QUEUED -> throw new IllegalArgumentException("the queue is no place to park in");
        };
        return wakes.stream().map(w -> parked.contains(w.id().value())).toList();
    }

    private static Set<Long> holdByOrder(Connection connection, List<Wake> wakes) throws SQLException {
        PostgresDatabase.rows(
                connection, LOCK_WITH_PREDECESSORS, p -> p.longs(wakes, w -> w.id().value()), row -> row.getLong(1));
        return new HashSet<>(
                PostgresDatabase.rows(connection, HOLD_BY_ORDER, p -> ids(p, wakes), row -> row.getLong(1)));
    }

    @Override
    public List<Delivery> pullHeldByMerchant(MerchantId merchant, int limit) {
        return database.rows(
                PULL_HELD_BY_MERCHANT, p -> p.number(merchant.value()).number(limit), PostgresRows::delivery);
    }

    @Override
    public List<Delivery> pullReleased(@Nullable MerchantId merchant, @Nullable String orderNo, int limit) {
        return merchant == null || orderNo == null
                ? database.rows(PULL_RELEASED, p -> p.number(limit), PostgresRows::delivery)
                : database.rows(
                        PULL_RELEASED_OF_ORDER,
                        p -> p.number(merchant.value()).text(orderNo).number(limit),
                        PostgresRows::delivery);
    }

    @Override
    public List<MerchantId> merchantsHolding(@Nullable MerchantId after, int limit) {
        return database.rows(
                MERCHANTS_HOLDING,
                p -> p.number(after == null ? -1 : after.value()).number(limit),
                row -> new MerchantId(row.getLong(1)));
    }

    @Override
    public List<Wake> queued(@Nullable Wake after, long dueUntil, int limit) {
        return database.rows(
                QUEUED,
                p -> p.number(after == null ? Long.MIN_VALUE : after.dueAt())
                        .number(after == null ? -1 : after.id().value())
                        .number(dueUntil)
                        .number(limit),
                PostgresRows::wake);
    }

    @Override
    public List<Wake> rearm(List<Wake> lost, boolean mayRepeat) {
        Map<NotificationId, Wake> rearmed = HashMap.newHashMap(lost.size());
        database.rows(REARM, p -> ids(p, lost).flag(mayRepeat), PostgresRows::wake)
                .forEach(w -> rearmed.put(w.id(), w));
        return lost.stream()
                .map(w -> rearmed.get(w.id()))
                .flatMap(Stream::ofNullable)
                .toList();
    }

    @Override
    public List<Wake> promoteDeferred(long dueUntil, int limit) {
        return database.rows(BRING_NEAR, p -> p.number(dueUntil).number(limit), PostgresRows::wake).stream()
                .sorted(Comparator.comparingLong(Wake::dueAt).thenComparing(Wake::id))
                .toList();
    }

    @Override
    public List<@Nullable Wake> resend(List<NotificationId> ids, long now) {
        Map<NotificationId, Wake> delivery = HashMap.newHashMap(ids.size());
        database.rows(RESEND, p -> p.longs(ids, NotificationId::value).number(now), PostgresRows::wake)
                .forEach(w -> delivery.put(w.id(), w));
        return inOrder(ids, delivery);
    }

    @Override
    public Cancellation cancel(NotificationId id, long now) {
        List<Integer> was = database.rows(CANCEL, p -> p.number(id.value()).number(now), row -> row.getInt(1));
        if (was.isEmpty()) {
            return Cancellation.UNKNOWN;
        }
        return was.getFirst() == NotificationState.WAITING.code()
                ? Cancellation.CANCELLED
                : Cancellation.ALREADY_SETTLED;
    }

    @Override
    public int purge(long settledBefore, int limit) {
        return database.rows(PURGE, p -> p.number(settledBefore).number(limit), row -> row.getInt(1))
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

    private static Parameters ids(Parameters p, List<Wake> wakes) throws SQLException {
        return p.longs(wakes, w -> w.id().value()).ints(wakes, Wake::number);
    }

    /** What was found, in the order asked, null where there is none. */
    private static <T> List<@Nullable T> inOrder(List<NotificationId> ids, Map<NotificationId, T> found) {
        List<@Nullable T> answers = new ArrayList<>(ids.size());
        ids.forEach(id -> answers.add(found.get(id)));
        return answers;
    }
}
