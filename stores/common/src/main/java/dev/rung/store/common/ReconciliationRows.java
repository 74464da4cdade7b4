package dev.rung.store.common;

import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredReconciliation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Reconciliations: the statements, of which each says what it is given, and how a row is read. */
public final class ReconciliationRows {
    private static final String COLUMNS = "id, channel, day, created_at, finished_at, problem, report, suspended";

    /** Parameters: {@link #fresh}. */
    public static final String INSERT =
            "INSERT INTO reconciliation (id, channel, day, created_at, taken_until) VALUES (?, ?, ?, ?, ?)";

    /** The same; inserts nothing if the day is known. */
    public static final String INSERT_IF_NEW = INSERT + " ON CONFLICT DO NOTHING";

    /** Parameters: until, channel, day, now. */
    public static final String TAKE = """
            UPDATE reconciliation SET taken_until = ?
            WHERE channel = ? AND day = ? AND finished_at IS NULL AND taken_until <= ?""";

    /** Parameters: problem, channel, day. */
    public static final String DELAY =
            "UPDATE reconciliation SET problem = ? WHERE channel = ? AND day = ? AND finished_at IS NULL";

    /** Parameters: time, report, suspended, channel, day. */
    public static final String FINISH = """
            UPDATE reconciliation SET finished_at = ?, report = ?, suspended = ?, problem = NULL
            WHERE channel = ? AND day = ? AND finished_at IS NULL""";

    /** Parameter: the id above the purged ones. */
    public static final String PURGE = "DELETE FROM reconciliation WHERE id < ? AND finished_at IS NOT NULL";

    /** Parameters: channel, day. */
    public static final String FIND_DAY = "SELECT " + COLUMNS + " FROM reconciliation WHERE channel = ? AND day = ?";

    /** Parameters: id. */
    public static final String FIND = "SELECT " + COLUMNS + " FROM reconciliation WHERE id = ?";

    /** Parameters: an id and a limit. */
    public static final String LIST =
            "SELECT " + COLUMNS + " FROM reconciliation WHERE id < ? ORDER BY id DESC LIMIT ?";

    /** Parameters: an id, a channel and a limit. */
    public static final String LIST_OF_CHANNEL =
            "SELECT " + COLUMNS + " FROM reconciliation WHERE id < ? AND channel = ? ORDER BY id DESC LIMIT ?";

    private ReconciliationRows() {}

    public static @Nullable Object[] fresh(StoredReconciliation fresh, Instant until) {
        return new @Nullable Object[] {
            fresh.id().value(),
            fresh.channel(),
            fresh.day().toEpochDay(),
            fresh.createdAt().toEpochMilli(),
            until.toEpochMilli()
        };
    }

    public static @Nullable Object[] take(StoredReconciliation day, Instant now, Instant until) {
        return new @Nullable Object[] {
            until.toEpochMilli(), day.channel(), day.day().toEpochDay(), now.toEpochMilli()
        };
    }

    public static @Nullable Object[] finish(
            String channel, LocalDate day, Instant at, String report, String suspended) {
        return new @Nullable Object[] {at.toEpochMilli(), report, suspended, channel, day.toEpochDay()};
    }

    public static StoredReconciliation reconciliation(ResultSet r) throws SQLException {
        return new StoredReconciliation(
                new ReconciliationId(r.getLong("id")),
                r.getString("channel"),
                LocalDate.ofEpochDay(r.getLong("day")),
                Instant.ofEpochMilli(r.getLong("created_at")),
                NullableColumns.instant(r, "finished_at"),
                r.getString("problem"),
                r.getString("report"),
                r.getString("suspended"));
    }
}
