package dev.rung.store.sqlite;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.store.common.AttemptRows;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.ReceiverRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Searches notifications in SQLite. Thread-safe. */
final class SqliteNotificationCatalog implements NotificationCatalog {
    private static final String FIND = "SELECT " + NotificationDetailReader.COLUMNS
            + " FROM delivery d CROSS JOIN notification n ON n.position = d.position WHERE d.id = ?";
    private static final String ATTEMPTS =
            "SELECT " + AttemptRows.ATTEMPT + " FROM attempt a WHERE a.notification_id = ? ORDER BY a.id";
    private static final String ALSO = """
            SELECT id, endpoint_id FROM notification
             WHERE merchant_id = ? AND event_id = ? AND event_id IS NOT NULL ORDER BY id""";
    private static final String EVENTS_INDEXED = "SELECT " + NotificationDetailReader.COLUMNS + """
              FROM notification_by_merchant m
              CROSS JOIN notification n ON n.position = m.position
              CROSS JOIN delivery d ON d.id = n.id
             WHERE m.merchant_id = ? AND m.position > ? AND m.position <= ?
             ORDER BY m.position LIMIT ?""";
    private static final String EVENTS_NEWEST = CodedSql.of("SELECT " + NotificationDetailReader.COLUMNS + """
              FROM notification n
              CROSS JOIN delivery d ON d.id = n.id
             WHERE n.merchant_id = ? AND n.kind = {DeliveryKind.NOTIFICATION} AND n.position > ? AND n.position <= ?
             ORDER BY n.position LIMIT ?""");
    private static final String COUNTS = "SELECT state, ladder, rung, n FROM notification_count WHERE n <> 0";
    private static final String OLDEST = CodedSql.of("""
            SELECT next_attempt_at FROM delivery INDEXED BY delivery_queued
             WHERE wake_location = {WakeLocation.QUEUED} AND next_attempt_at IS NOT NULL ORDER BY next_attempt_at LIMIT 1""");

    /** Maximum notifications beyond the horizon read by one call: several times the usual number. */
    private static final int NEWEST_SCAN_MAX = 50_000;

    private final SqliteDatabase database;

    SqliteNotificationCatalog(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Optional<NotificationDetail> find(NotificationId id) {
        return Optional.ofNullable(database.<@Nullable NotificationDetail>browse(session -> find(session, id)));
    }

    private @Nullable NotificationDetail find(SqliteSession session, NotificationId id) throws SQLException {
        return session.first(FIND, NotificationDetailReader::of, id.value());
    }

    @Override
    public List<Attempt> attempts(NotificationId id) {
        return database.browse(session -> attempts(session, id));
    }

    private static List<Attempt> attempts(SqliteSession session, NotificationId id) throws SQLException {
        return session.list(ATTEMPTS, AttemptRows::attempt, id.value());
    }

    @Override
    public Optional<Whole> whole(NotificationId id) {
        return Optional.ofNullable(database.<@Nullable Whole>browse(session -> {
            NotificationDetail found = find(session, id);
            return found == null ? null : new Whole(found, attempts(session, id));
        }));
    }

    @Override
    public List<Also> also(MerchantId merchant, NotificationId first) {
        return database.browse(session -> session.list(ALSO, ReceiverRows::also, merchant.value(), first.value()));
    }

    @Override
    public Optional<NotificationId> findAccepted(MerchantId merchant, Idempotency idempotency) {
        NotificationInserts.@Nullable First first = database.<NotificationInserts.@Nullable First>browse(
                session -> NotificationInserts.first(session, merchant, idempotency));
        return Optional.ofNullable(first).filter(f -> f.isOf(idempotency)).map(NotificationInserts.First::id);
    }

    @Override
    public Page search(Filter filter, @Nullable NotificationId before, int limit) {
        return database.browse(session -> NotificationSearch.page(session, filter, before, limit));
    }

    @Override
    public List<Event> events(MerchantId merchant, @Nullable String after, int limit) {
        long from = after == null ? 0 : position(after);
        return database.browse(session -> {
            StoreState state = StoreState.read(session);
            List<Event> events = new ArrayList<>(session.list(
                    EVENTS_INDEXED, SqliteNotificationCatalog::event, merchant.value(), from, state.horizon(), limit));
            if (events.size() < limit) {
                long beyond = Math.max(from, state.horizon());
                long until = Math.min(state.lastPosition(), beyond + NEWEST_SCAN_MAX);
                events.addAll(session.list(
                        EVENTS_NEWEST,
                        SqliteNotificationCatalog::event,
                        merchant.value(),
                        beyond,
                        until,
                        limit - events.size()));
            }
            return events;
        });
    }

    private static long position(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a cursor of this list", e);
        }
    }

    private static Event event(ResultSet r) throws SQLException {
        return new Event(NotificationDetailReader.of(r), Long.toString(r.getLong("position")));
    }

    @Override
    public Counts counts() {
        return database.browse(session -> {
            Map<DeliveryState, Long> states = new EnumMap<>(DeliveryState.class);
            Map<Rung, Long> rungs = new HashMap<>();
            session.list(COUNTS, r -> {
                DeliveryState state = CodedEnum.ofCode(DeliveryState.class, r.getInt("state"));
                if (state == DeliveryState.WAITING) {
                    rungs.put(new Rung(r.getString("ladder"), r.getInt("rung")), r.getLong("n"));
                }
                return states.merge(state, r.getLong("n"), Long::sum);
            });
            return new Counts(Map.copyOf(states), Map.copyOf(rungs));
        });
    }

    @Override
    public @Nullable Long oldestOverdue() {
        return database.<@Nullable Long>browse(session -> session.first(OLDEST, r -> r.getLong(1)));
    }
}
