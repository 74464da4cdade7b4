package dev.rung.store.sqlite;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.store.common.NullableColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Notifications in SQLite, for those who look at them. Thread-safe. */
final class SqliteNotificationCatalog implements NotificationCatalog {
    private static final String FIND = "SELECT " + NotificationDetailReader.COLUMNS
            + " FROM notification n CROSS JOIN content c ON c.position = n.position WHERE n.id = ?";
    private static final String ATTEMPTS = """
            SELECT id, number, due_at, started_at, duration_ms, outcome, may_repeat, superseded, error, http_status, headers, body
              FROM attempt WHERE notification_id = ? ORDER BY id""";
    private static final String EVENTS_INDEXED = "SELECT " + NotificationDetailReader.COLUMNS + """
              FROM by_merchant m
              CROSS JOIN content c ON c.position = m.position
              CROSS JOIN notification n ON n.id = c.notification_id
             WHERE m.merchant_id = ? AND m.position > ? AND m.position <= ?
             ORDER BY m.position LIMIT ?""";
    private static final String EVENTS_NEWEST = "SELECT " + NotificationDetailReader.COLUMNS + """
              FROM content c
              CROSS JOIN notification n ON n.id = c.notification_id
             WHERE c.merchant_id = ? AND c.position > ? AND c.position <= ?
             ORDER BY c.position LIMIT ?""";
    private static final String STATE_COUNTS = "SELECT state, n FROM state_count";
    private static final String RUNG_COUNTS = "SELECT ladder, step, n FROM rung_count WHERE n <> 0";
    private static final String OLDEST = """
            SELECT next_attempt_at FROM notification INDEXED BY notification_due
             WHERE place = 0 AND next_attempt_at IS NOT NULL ORDER BY next_attempt_at LIMIT 1""";

    /** How far beyond the horizon one call looks: several times what is usually there. */
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
        return session.first(FIND, r -> NotificationDetailReader.of(session, database.ladders(), r), id.value());
    }

    @Override
    public List<Attempt> attempts(NotificationId id) {
        return database.browse(session -> attempts(session, id));
    }

    private static List<Attempt> attempts(SqliteSession session, NotificationId id) throws SQLException {
        return session.list(ATTEMPTS, SqliteNotificationCatalog::attempt, id.value());
    }

    private static Attempt attempt(ResultSet r) throws SQLException {
        Long status = NullableColumns.number(r, 10);
        return new Attempt(
                r.getLong(1),
                r.getInt(2),
                r.getLong(3),
                r.getLong(4),
                r.getInt(5),
                CodedEnum.ofCode(Outcome.class, r.getInt(6)),
                status == null ? null : new Attempt.Answer(status.intValue(), r.getString(11), r.getBytes(12)),
                r.getString(9),
                r.getBoolean(7),
                r.getBoolean(8));
    }

    @Override
    public Optional<Whole> whole(NotificationId id) {
        return Optional.ofNullable(database.<@Nullable Whole>browse(session -> {
            NotificationDetail found = find(session, id);
            return found == null ? null : new Whole(found, attempts(session, id));
        }));
    }

    @Override
    public Optional<NotificationId> acceptedUnder(MerchantId merchant, Idempotency idempotency) {
        NotificationInserts.@Nullable First first = database.<NotificationInserts.@Nullable First>browse(
                session -> NotificationInserts.first(session, merchant, idempotency));
        return Optional.ofNullable(first).filter(f -> f.isOf(idempotency)).map(NotificationInserts.First::id);
    }

    @Override
    public Page search(Filter filter, @Nullable NotificationId before, int limit) {
        return database.browse(session -> NotificationSearch.page(session, database.ladders(), filter, before, limit));
    }

    @Override
    public List<Event> events(MerchantId merchant, @Nullable String after, int limit) {
        long from = after == null ? 0 : position(after);
        return database.browse(session -> {
            StoreState state = StoreState.read(session);
            List<Event> events = new ArrayList<>(session.list(
                    EVENTS_INDEXED, r -> event(session, r), merchant.value(), from, state.horizon(), limit));
            if (events.size() < limit) {
                long beyond = Math.max(from, state.horizon());
                long until = Math.min(state.lastPosition(), beyond + NEWEST_SCAN_MAX);
                events.addAll(session.list(
                        EVENTS_NEWEST, r -> event(session, r), merchant.value(), beyond, until, limit - events.size()));
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

    private Event event(SqliteSession session, ResultSet r) throws SQLException {
        return new Event(
                NotificationDetailReader.of(session, database.ladders(), r),
                Long.toString(NotificationDetailReader.position(r)));
    }

    @Override
    public Counts counts() {
        return database.browse(session -> {
            Map<NotificationState, Long> states = new EnumMap<>(NotificationState.class);
            session.list(
                    STATE_COUNTS,
                    r -> states.put(CodedEnum.ofCode(NotificationState.class, r.getInt(1)), r.getLong(2)));
            Map<Rung, Long> rungs = new HashMap<>();
            session.list(RUNG_COUNTS, r -> rungs.put(new Rung(r.getString(1), r.getInt(2)), r.getLong(3)));
            return new Counts(Map.copyOf(states), Map.copyOf(rungs));
        });
    }

    @Override
    public @Nullable Long oldestOwed() {
        return database.<@Nullable Long>browse(session -> session.first(OLDEST, r -> r.getLong(1)));
    }
}
