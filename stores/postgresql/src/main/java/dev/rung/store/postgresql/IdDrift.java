package dev.rung.store.postgresql;

import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import java.sql.Connection;
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
record IdDrift(long ahead, long behind) {
    /** Smaller differences are not stored: with correct clocks nothing is written. */
    private static final long SLACK = Ids.span(1_000);

    private static final String RAISE = """
            UPDATE id_drift SET ahead = greatest(ahead, ?), behind = greatest(behind, ?) WHERE ahead < ? OR behind < ?
            """;

    private static final String READ = "SELECT ahead, behind FROM id_drift";

    static IdDrift read(PostgresDatabase database) {
        return database.rows(READ, p -> {}, row -> new IdDrift(row.getLong("ahead"), row.getLong("behind")))
                .getFirst();
    }

    /** Called before these notifications are stored, so that the stored maximum is never too small. */
    static void note(Connection connection, List<NewNotification> batch) throws SQLException {
        long ahead = 0;
        long behind = 0;
        for (NewNotification n : batch) {
            long drift = n.id().value() - Ids.first(n.content().createdAt());
            ahead = Math.max(ahead, drift);
            behind = Math.max(behind, -drift);
        }
        if (ahead > SLACK || behind > SLACK) {
            long raisedAhead = step(ahead);
            long raisedBehind = step(behind);
            PostgresDatabase.change(
                    connection,
                    RAISE,
                    p -> p.number(raisedAhead)
                            .number(raisedBehind)
                            .number(raisedAhead)
                            .number(raisedBehind));
        }
    }

    /** Rounded up to a power of two, so that the row rarely changes. */
    private static long step(long drift) {
        return drift <= SLACK ? 0 : 2 * (Long.highestOneBit(drift) - 1) + 1;
    }

    /** No id below this one was created at or after the time; null: no limit. */
    long from(@Nullable Long created) {
        return created == null ? 0 : Ids.first(created) - Math.max(behind, SLACK);
    }

    /** No id from this one on was created before the time; null: no limit. */
    long to(@Nullable Long created) {
        if (created == null) {
            return Long.MAX_VALUE;
        }
        long to = Ids.first(created) + Math.max(ahead, SLACK);
        return to < 0 ? Long.MAX_VALUE : to;
    }
}
