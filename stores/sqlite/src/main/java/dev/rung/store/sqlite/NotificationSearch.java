package dev.rung.store.sqlite;

import dev.rung.core.model.Ids;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.store.common.CodedSql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One page of search results, newest first, that is in descending order of acceptance. Scans beyond the search index's horizon; below it
 * uses the index that fits the filter best. Reads at most {@link #CANDIDATES_MAX} candidates in total.
 */
final class NotificationSearch {
    /** At worst some tens of milliseconds, during which the write-ahead log cannot be restarted. */
    private static final int CANDIDATES_MAX = 10_000;

    /** Size of the first chunk; each chunk that does not fill the page is followed by one four times as large. */
    private static final int CHUNK_FIRST = 128;

    /** Bounds beyond the year 2100 are ignored; ids cannot express them. */
    private static final long BOUND_MAX = 4_102_444_800_000L;

    /** Sources of candidates: positions between ?1 and ?2, exclusive, and their merchants. */
    private enum Source {
        ALL("SELECT position, merchant_id FROM notification WHERE position > ?1 AND position < ?2"),
        MERCHANT("""
                SELECT position, merchant_id FROM notification_by_merchant
                 WHERE merchant_id = ?3 AND position > ?1 AND position < ?2"""),
        ORDER("""
                SELECT position, ?3 AS merchant_id FROM notification_by_order_no
                 WHERE order_no = ?4 AND position > ?1 AND position < ?2"""),
        ENDPOINT("""
                SELECT position, merchant_id FROM notification INDEXED BY notification_endpoint
                 WHERE endpoint_id <> 0 AND endpoint_id = ?5 AND position > ?1 AND position < ?2"""),
        WAITING("""
                SELECT position, merchant_id FROM delivery INDEXED BY delivery_waiting
                 WHERE state = {DeliveryState.WAITING} AND listed = 1 AND position > ?1 AND position < ?2"""),
        EXHAUSTED(failed("EXHAUSTED")),
        CANCELLED(failed("CANCELLED"));

        /** SQLite uses a partial index only if its condition is literally in the statement. */
        private static String failed(String state) {
            return """
                SELECT position, merchant_id FROM delivery INDEXED BY delivery_failed
                 WHERE state IN ({DeliveryState.EXHAUSTED}, {DeliveryState.CANCELLED})
                   AND kind = {DeliveryKind.NOTIFICATION}
                   AND state = {DeliveryState.%s} AND position > ?1 AND position < ?2""".formatted(state);
        }

        private final String matches;
        private final String lookedAt;

        Source(String candidates) {
            String newest = "(" + candidates + " ORDER BY position DESC LIMIT ?6)";
            matches = CodedSql.of("SELECT " + NotificationDetailReader.COLUMNS + " FROM " + newest + """
                     p
                      CROSS JOIN notification n ON n.position = p.position
                      CROSS JOIN delivery d ON d.id = n.id
                     WHERE n.kind = {DeliveryKind.NOTIFICATION}
                       AND (?3 IS NULL OR p.merchant_id = ?3 AND n.merchant_id = ?3)
                       AND (?4 IS NULL OR n.order_no = ?4) AND (?5 IS NULL OR n.endpoint_id = ?5)
                       AND (?7 IS NULL OR d.state = ?7) AND (?8 IS NULL OR n.event_type = ?8)
                       AND (?9 IS NULL OR n.created_at >= ?9) AND (?10 IS NULL OR n.created_at < ?10)
                     ORDER BY p.position DESC LIMIT ?11""");
            lookedAt = CodedSql.of("SELECT count(*) AS looked_at, min(position) AS lowest FROM " + newest);
        }

        /** Whether it includes the newest notifications, which the search index does not contain yet. */
        boolean isComplete() {
            return switch (this) {
                case ALL, ENDPOINT, EXHAUSTED, CANCELLED -> true;
                case MERCHANT, ORDER, WAITING -> false;
            };
        }
    }

    private static final String POSITION = "SELECT position FROM delivery WHERE id = ?";
    private static final String POSITION_BEFORE = "SELECT position FROM delivery WHERE id < ? ORDER BY id DESC LIMIT 1";
    private static final String POSITION_AFTER = "SELECT position FROM delivery WHERE id > ? ORDER BY id LIMIT 1";
    private static final String ID_FROM = "SELECT id FROM notification WHERE position >= ? ORDER BY position LIMIT 1";

    private final SqliteSession session;
    private final Filter filter;
    private final int limit;
    private final List<NotificationDetail> found = new ArrayList<>();
    private int candidatesLeft = CANDIDATES_MAX;
    private @Nullable NotificationId next;

    private NotificationSearch(SqliteSession session, Filter filter, int limit) {
        this.session = session;
        this.filter = filter;
        this.limit = limit;
    }

    /** The number of candidates read and their lowest position. */
    private record LookedAt(int count, long lowest) {}

    static Page page(SqliteSession session, Filter filter, @Nullable NotificationId before, int limit)
            throws SQLException {
        return new NotificationSearch(session, filter, limit).run(before);
    }

    private Page run(@Nullable NotificationId before) throws SQLException {
        StoreState state = StoreState.read(session);
        long floor = floor(state);
        long ceiling = ceiling(state, before);
        Source source = source();
        if (source.isComplete()) {
            scan(source, floor, ceiling);
        } else if (scan(Source.ALL, Math.max(floor, state.horizon()), ceiling)) {
            scan(source, floor, Math.min(ceiling, state.horizon() + 1));
        }
        return new Page(List.copyOf(found), next);
    }

    private Source source() {
        if (filter.orderNo() != null) {
            return Source.ORDER;
        }
        if (filter.endpoint() != null) {
            return Source.ENDPOINT;
        }
        Source byMerchant = filter.merchant() != null ? Source.MERCHANT : Source.ALL;
        return switch (filter.state()) {
            case null -> byMerchant;
            // Most are delivered, so the state does not narrow the search.
            case DELIVERED -> byMerchant;
            case WAITING -> Source.WAITING;
            case EXHAUSTED -> Source.EXHAUSTED;
            case CANCELLED -> Source.CANCELLED;
        };
    }

    /** Reads the range in chunks; returns true if it was read completely and the page has room left. */
    private boolean scan(Source source, long floor, long ceiling) throws SQLException {
        long below = ceiling;
        for (int chunk = CHUNK_FIRST; candidatesLeft > 0; chunk *= 4) {
            int most = Math.min(chunk, candidatesLeft);
            int room = limit - found.size();
            List<NotificationDetail> matches = matches(source, floor, below, most, room);
            found.addAll(matches);
            if (matches.size() == room) {
                next = found.isEmpty() ? null : found.getLast().id();
                return false;
            }
            LookedAt looked = lookedAt(source, floor, below, most);
            if (looked.count() < most) {
                candidatesLeft -= looked.count();
                return true;
            }
            candidatesLeft -= most;
            below = looked.lowest();
        }
        next = session.first(ID_FROM, r -> new NotificationId(r.getLong(1)), below);
        return false;
    }

    private List<NotificationDetail> matches(Source source, long floor, long below, int most, int room)
            throws SQLException {
        return session.list(
                source.matches,
                NotificationDetailReader::of,
                floor,
                below,
                filter.merchant() == null ? null : filter.merchant().value(),
                filter.orderNo(),
                endpoint(),
                most,
                filter.state() == null ? null : filter.state().code(),
                filter.eventType(),
                filter.createdFrom(),
                filter.createdTo(),
                room);
    }

    private @Nullable Long endpoint() {
        return filter.endpoint() == null ? null : filter.endpoint().value();
    }

    private LookedAt lookedAt(Source source, long floor, long below, int most) throws SQLException {
        return Objects.requireNonNull(session.first(
                source.lookedAt,
                r -> new LookedAt(r.getInt("looked_at"), r.getLong("lowest")),
                floor,
                below,
                filter.merchant() == null ? null : filter.merchant().value(),
                filter.orderNo(),
                endpoint(),
                most));
    }

    /** No match is at or below this position. */
    private long floor(StoreState state) throws SQLException {
        Long from = filter.createdFrom();
        if (from == null) {
            return 0;
        }
        // The id that is below the bound by the maximum disorder of ids: everything accepted before it is older.
        long slack = state.behind() + state.ahead() + state.behind();
        Long position = session.first(POSITION_BEFORE, r -> r.getLong(1), Ids.first(Math.min(from, BOUND_MAX)) - slack);
        return position == null ? 0 : position;
    }

    /** No match is at or above this position. */
    private long ceiling(StoreState state, @Nullable NotificationId before) throws SQLException {
        long ceiling = before == null ? Long.MAX_VALUE : position(before);
        Long to = filter.createdTo();
        if (to == null || to > BOUND_MAX) {
            return ceiling;
        }
        // An id above all ids generated when the last match was stored was accepted after it.
        Long position = session.first(POSITION_AFTER, r -> r.getLong(1), Ids.first(to) + state.ahead());
        return position == null ? ceiling : Math.min(ceiling, position);
    }

    private long position(NotificationId id) throws SQLException {
        Long position = session.first(POSITION, r -> r.getLong(1), id.value());
        if (position != null) {
            return position;
        }
        // Purged since, or invalid: continue from its neighbour.
        Long below = session.first(POSITION_BEFORE, r -> r.getLong(1), id.value());
        return below == null ? 0 : below + 1;
    }
}
