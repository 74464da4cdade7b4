package dev.rung.store.common;

import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The maximum difference between the time in ids and the time of creation, caused by clocks that were set back or differ between servers.
 * It is stored, so that a search by time, which scans ids, knows how much further to look.
 *
 * @param ahead the maximum by which an id exceeded the first id of its creation time
 * @param behind the maximum by which it was below
 */
public record IdDrift(long ahead, long behind) {
    /** Smaller differences are not stored: with correct clocks nothing is written. */
    private static final long SLACK = Ids.span(1_000);

    /** Parameters: {@link #raising}. */
    public static final String RAISE = """
            UPDATE id_drift SET ahead = greatest(ahead, ?), behind = greatest(behind, ?) WHERE ahead < ? OR behind < ?
            """;

    public static final String READ = "SELECT ahead, behind FROM id_drift";

    public static IdDrift drift(ResultSet row) throws SQLException {
        return new IdDrift(row.getLong("ahead"), row.getLong("behind"));
    }

    /**
     * The drift of these notifications, to be stored before they are, so that the stored maximum is never too small; null: none worth storing.
     */
    public static @Nullable IdDrift of(List<NewNotification> batch) {
        long ahead = 0;
        long behind = 0;
        for (NewNotification n : batch) {
            long drift = n.id().value() - Ids.first(n.content().createdAt());
            ahead = Math.max(ahead, drift);
            behind = Math.max(behind, -drift);
        }
        return ahead > SLACK || behind > SLACK ? new IdDrift(step(ahead), step(behind)) : null;
    }

    public @Nullable Object[] raising() {
        return new @Nullable Object[] {ahead, behind, ahead, behind};
    }

    /** Rounded up to a power of two, so that the row rarely changes. */
    private static long step(long drift) {
        return drift <= SLACK ? 0 : 2 * (Long.highestOneBit(drift) - 1) + 1;
    }

    /** No id below this one was created at or after the time; null: no limit. */
    public long from(@Nullable Long created) {
        return created == null ? 0 : Ids.first(created) - Math.max(behind, SLACK);
    }

    /** No id from this one on was created before the time; null: no limit. */
    public long to(@Nullable Long created) {
        if (created == null) {
            return Long.MAX_VALUE;
        }
        long to = Ids.first(created) + Math.max(ahead, SLACK);
        return to < 0 ? Long.MAX_VALUE : to;
    }
}
