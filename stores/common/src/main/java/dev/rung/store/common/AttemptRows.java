package dev.rung.store.common;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Maps rows to attempts. */
public final class AttemptRows {
    private AttemptRows() {}

    /** Columns of {@code attempt a}; they may stand beside those of its delivery. */
    public static final String ATTEMPT = """
            a.id AS attempt_id, a.number, a.due_at, a.started_at, a.duration_millis, a.outcome, a.status, a.headers, a.body, a.error,
            a.may_repeat, a.superseded, a.held_millis, a.held_by AS attempt_held_by
            """;

    public static Attempt attempt(ResultSet row) throws SQLException {
        Long held = NullableColumns.number(row, "held_millis");
        Long status = NullableColumns.number(row, "status");
        return new Attempt(
                row.getLong("attempt_id"),
                row.getInt("number"),
                row.getLong("due_at"),
                row.getLong("started_at"),
                row.getInt("duration_millis"),
                CodedEnum.ofCode(Outcome.class, row.getInt("outcome")),
                status == null
                        ? null
                        : new Attempt.Answer(status.intValue(), row.getString("headers"), row.getBytes("body")),
                row.getString("error"),
                row.getBoolean("may_repeat"),
                row.getBoolean("superseded"),
                held == null
                        ? null
                        : new Attempt.Held(
                                CodedEnum.ofCode(HoldReason.class, row.getInt("attempt_held_by")), held.intValue()));
    }
}
