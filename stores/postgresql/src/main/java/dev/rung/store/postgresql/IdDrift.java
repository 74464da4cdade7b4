package dev.rung.store.postgresql;

import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far ids have been from the times of creation: not at all, but for clocks that were set back and servers that disagree. It is on record, so that a
 * search by time, which walks ids, need look no further than that.
 *
 * @param ahead the most by which an id was greater than the first of its time
 * @param behind the most by which it was less
 */
record IdDrift(long ahead, long behind) {
    /** Less than this is not written down: a store whose clocks are in order writes nothing here. */
    private static final long SLACK = Ids.span(1_000);

    private static final String RAISE = """
            UPDATE id_drift SET ahead = greatest(ahead, ?), behind = greatest(behind, ?) WHERE ahead < ? OR behind < ?
            """;

    private static final String READ = "SELECT ahead, behind FROM id_drift";

    static IdDrift read(PostgresDatabase database) {
        return database.rows(READ, p -> {}, row -> new IdDrift(row.getLong("ahead"), row.getLong("behind")))
                .getFirst();
    }

    /** Called before these are stored, so that what is on record is never too little. */
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

    /** Up to the next power of two, so that the row seldom changes. */
    private static long step(long drift) {
        return drift <= SLACK ? 0 : 2 * (Long.highestOneBit(drift) - 1) + 1;
    }

    /** No id below this was created then or later; null: from the beginning. */
    long from(@Nullable Long created) {
        return created == null ? 0 : Ids.first(created) - Math.max(behind, SLACK);
    }

    /** No id from this one on was created before then; null: to the end. */
    long to(@Nullable Long created) {
        if (created == null) {
            return Long.MAX_VALUE;
        }
        long to = Ids.first(created) + Math.max(ahead, SLACK);
        return to < 0 ? Long.MAX_VALUE : to;
    }
}
