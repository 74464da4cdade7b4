package dev.rung.store.postgresql;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.store.common.AttemptRows;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.EventCursor;
import dev.rung.store.common.IdDrift;
import dev.rung.store.common.IndexScan;
import dev.rung.store.common.NotificationRows;
import dev.rung.store.common.NullableColumns;
import dev.rung.store.common.ReceiverRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Searches notifications in PostgreSQL. Thread-safe.
 *
 * <p>A search scans the index with the fewest entries to check; see {@link IndexScan}.
 */
public final class PostgresNotificationCatalog implements NotificationCatalog {
    /** Maximum index entries read for one page. */
    private static final int SCAN_MAX = 20_000;

    private static final String FIND =
            "SELECT " + NotificationRows.DETAIL + " FROM notification n JOIN delivery d ON d.id = n.id WHERE n.id = ?";

    private static final String ATTEMPTS =
            "SELECT " + AttemptRows.ATTEMPT + " FROM attempt a WHERE a.notification_id = ? ORDER BY a.id";

    /** A single statement, because two would use two snapshots. */
    private static final String WHOLE = "SELECT " + NotificationRows.DETAIL + ", " + AttemptRows.ATTEMPT + """
             FROM notification n JOIN delivery d ON d.id = n.id LEFT JOIN attempt a ON a.notification_id = n.id
            WHERE n.id = ? ORDER BY a.id
            """;

    private static final String OF_KEY =
            "SELECT id FROM notification WHERE merchant_id = ? AND idempotency_key = ? AND body_digest = ?";

    private static final String ALSO = """
            SELECT id, endpoint_id FROM notification
            WHERE merchant_id = ? AND event_id = ? AND event_id IS NOT NULL ORDER BY id
            """;

    private static final String MATCHING = CodedSql.of("SELECT " + NotificationRows.DETAIL + """
             FROM notification n JOIN delivery d ON d.id = n.id
            WHERE n.id = ANY (?::bigint[]) AND n.kind = {DeliveryKind.NOTIFICATION}
              AND (?::bigint IS NULL OR n.merchant_id = ?)
              AND (?::bigint IS NULL OR n.endpoint_id = ?)
              AND (?::text IS NULL OR n.order_no = ?)
              AND (?::int IS NULL OR d.state = ?)
              AND (?::text IS NULL OR n.event_type = ?)
              AND n.created_at >= ? AND n.created_at < ?
            ORDER BY n.id DESC LIMIT ?
            """);

    /** Only rows of transactions older than every running one, so no row can appear before them later. */
    private static final String EVENTS = CodedSql.of("SELECT " + NotificationRows.DETAIL + """
            , n.position
            FROM notification n JOIN delivery d ON d.id = n.id
            WHERE n.merchant_id = ? AND n.kind = {DeliveryKind.NOTIFICATION} AND (n.position, n.id) > (?, ?)
              AND n.position < (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + added FROM feed_origin)
            ORDER BY n.position, n.id LIMIT ?
            """);

    private static final String COUNTS =
            "SELECT state, ladder, rung, sum(n)::bigint AS n FROM notification_count GROUP BY state, ladder, rung HAVING sum(n) <> 0";

    private static final String OLDEST_OWED = CodedSql.of("""
            SELECT next_attempt_at FROM delivery WHERE wake_location = {WakeLocation.QUEUED} AND next_attempt_at IS NOT NULL
            ORDER BY next_attempt_at LIMIT 1
            """);

    private final PostgresDatabase database;
    private final int scanMax;

    PostgresNotificationCatalog(PostgresDatabase database) {
        this(database, SCAN_MAX);
    }

    PostgresNotificationCatalog(PostgresDatabase database, int scanMax) {
        this.database = database;
        this.scanMax = scanMax;
    }

    @Override
    public Optional<NotificationDetail> find(NotificationId id) {
        return database.rows(FIND, p -> p.number(id.value()), NotificationRows::detail).stream()
                .findFirst();
    }

    @Override
    public List<Attempt> attempts(NotificationId id) {
        return database.rows(ATTEMPTS, p -> p.number(id.value()), AttemptRows::attempt);
    }

    @Override
    public Optional<Whole> whole(NotificationId id) {
        List<Line> lines = database.rows(WHOLE, p -> p.number(id.value()), Line::of);
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(new Whole(
                        lines.getFirst().notification(),
                        lines.stream().flatMap(line -> line.attempt().stream()).toList()));
    }

    @Override
    public List<Also> also(MerchantId merchant, NotificationId first) {
        return database.rows(ALSO, p -> p.number(merchant.value()).number(first.value()), ReceiverRows::also);
    }

    @Override
    public Optional<NotificationId> findAccepted(MerchantId merchant, Idempotency idempotency) {
        return database
                .rows(
                        OF_KEY,
                        p -> p.number(merchant.value()).text(idempotency.key()).bytes(idempotency.bodyDigest()),
                        row -> new NotificationId(row.getLong("id")))
                .stream()
                .findFirst();
    }

    /** A notification with one of its attempts, if any. */
    private record Line(NotificationDetail notification, Optional<Attempt> attempt) {
        static Line of(ResultSet row) throws SQLException {
            boolean attempted = NullableColumns.number(row, "attempt_id") != null;
            return new Line(
                    NotificationRows.detail(row), attempted ? Optional.of(AttemptRows.attempt(row)) : Optional.empty());
        }
    }

    @Override
    public Page search(Filter filter, @Nullable NotificationId before, int limit) {
        Range range = range(filter);
        IndexScan.Found<NotificationDetail> found = IndexScan.page(
                scanMax,
                scanMax,
                before == null ? null : before.value(),
                limit,
                (below, most) -> walk(filter, range, below, most),
                (ids, most) -> matching(filter, ids, most),
                n -> n.id().value());
        return new Page(found.items(), found.next() == null ? null : new NotificationId(found.next()));
    }

    /** The range of ids that may have been created in the filter's period; the upper end is exclusive. */
    private record Range(long from, long to) {}

    private Range range(Filter filter) {
        if (filter.createdFrom() == null && filter.createdTo() == null) {
            return new Range(0, Long.MAX_VALUE);
        }
        IdDrift drift = database.rows(IdDrift.READ, p -> {}, IdDrift::drift).getFirst();
        return new Range(drift.from(filter.createdFrom()), drift.to(filter.createdTo()));
    }

    private List<Long> walk(Filter filter, Range range, long below, int stride) {
        Index index = Index.of(filter);
        return database.rows(
                "SELECT id FROM " + index.where + " AND id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
                p -> {
                    index.key.to(p);
                    p.number(range.from).number(Math.min(below, range.to)).number(stride);
                },
                row -> row.getLong("id"));
    }

    /** The index to scan. A partial index is used only if its condition is literally in the statement. */
    private record Index(String where, PostgresDatabase.Binding key) {
        static Index of(Filter filter) {
            String orderNo = filter.orderNo();
            MerchantId merchant = filter.merchant();
            EndpointId endpoint = filter.endpoint();
            DeliveryState state = filter.state();
            if (orderNo != null) {
                return new Index("notification WHERE order_no = ?", p -> p.text(orderNo));
            }
            if (endpoint != null) {
                return new Index(
                        "notification WHERE endpoint_id <> 0 AND endpoint_id = ?", p -> p.number(endpoint.value()));
            }
            String all = state == null || state == DeliveryState.DELIVERED
                    ? "notification WHERE true"
                    : CodedSql.of("delivery WHERE kind = {DeliveryKind.NOTIFICATION} AND state = {DeliveryState."
                            + state + "}");
            return merchant == null
                    ? new Index(all, p -> {})
                    : new Index(all + " AND merchant_id = ?", p -> p.number(merchant.value()));
        }
    }

    private List<NotificationDetail> matching(Filter f, List<Long> ids, int limit) {
        Long merchant = f.merchant() == null ? null : f.merchant().value();
        Long endpoint = f.endpoint() == null ? null : f.endpoint().value();
        Long state = f.state() == null ? null : (long) f.state().code();
        return database.rows(
                MATCHING,
                p -> p.longs(ids, Long::longValue)
                        .number(merchant)
                        .number(merchant)
                        .number(endpoint)
                        .number(endpoint)
                        .text(f.orderNo())
                        .text(f.orderNo())
                        .number(state)
                        .number(state)
                        .text(f.eventType())
                        .text(f.eventType())
                        .number(f.createdFrom() == null ? Long.MIN_VALUE : f.createdFrom())
                        .number(f.createdTo() == null ? Long.MAX_VALUE : f.createdTo())
                        .number(limit),
                NotificationRows::detail);
    }

    @Override
    public List<Event> events(MerchantId merchant, @Nullable String after, int limit) {
        EventCursor cursor = after == null ? EventCursor.BEGINNING : EventCursor.parse(after);
        return database.rows(
                EVENTS,
                p -> p.number(merchant.value())
                        .number(cursor.position())
                        .number(cursor.id())
                        .number(limit),
                row -> new Event(
                        NotificationRows.detail(row),
                        new EventCursor(row.getLong("position"), row.getLong("id")).text()));
    }

    @Override
    public Counts counts() {
        Map<DeliveryState, Long> byState = new EnumMap<>(DeliveryState.class);
        Map<Rung, Long> waiting = new HashMap<>();
        database.rows(COUNTS, p -> {}, row -> {
            DeliveryState state = CodedEnum.ofCode(DeliveryState.class, row.getInt("state"));
            if (state == DeliveryState.WAITING) {
                waiting.put(new Rung(row.getString("ladder"), row.getInt("rung")), row.getLong("n"));
            }
            return byState.merge(state, row.getLong("n"), Long::sum);
        });
        return new Counts(byState, waiting);
    }

    @Override
    public @Nullable Long oldestOverdue() {
        List<Long> oldest = database.rows(OLDEST_OWED, p -> {}, row -> row.getLong("next_attempt_at"));
        return oldest.isEmpty() ? null : oldest.getFirst();
    }
}
