package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.Approver;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.StoredDiscrepancy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How discrepancies end: the statements, of which each says what it is given, and what is read of it. */
public final class DiscrepancyRows {
    /** Parameters: {@link #resolution}. */
    public static final String RESOLVE = """
            UPDATE discrepancy SET resolution = ?, resolved_by = ?, resolved_at = ?, acceptance = ?
            WHERE id = ? AND resolved_at IS NULL""";

    /** Parameters: {@link #request}. */
    public static final String REQUEST = """
            UPDATE discrepancy
               SET acceptance = ?, request_note = ?, requested_by = ?, requested_by_id = ?, requested_at = ?
             WHERE id = ? AND resolved_at IS NULL AND acceptance IS NULL""";

    /** Parameters: an id. */
    public static final String WITHDRAW =
            "UPDATE discrepancy SET acceptance = NULL WHERE id = ? AND resolved_at IS NULL AND acceptance IS NOT NULL";

    static final String COLUMNS = """
            d.resolution, d.resolved_by, d.resolved_at, d.acceptance, d.request_note, d.requested_by, d.requested_by_id,
            d.requested_at""";

    private DiscrepancyRows() {}

    public static @Nullable Object[] resolution(DiscrepancyId id, StoredDiscrepancy.Resolution resolution) {
        return new @Nullable Object[] {
            resolution.note(),
            resolution.by(),
            resolution.at().toEpochMilli(),
            resolution.accepted() == null ? null : resolution.accepted().code(),
            id.value()
        };
    }

    public static @Nullable Object[] request(DiscrepancyId id, StoredDiscrepancy.AcceptRequest request) {
        return new @Nullable Object[] {
            request.acceptance().code(),
            request.note(),
            request.by().name(),
            request.by().id(),
            request.at().toEpochMilli(),
            id.value()
        };
    }

    static StoredDiscrepancy.@Nullable Resolution resolution(ResultSet r) throws SQLException {
        Instant resolvedAt = NullableColumns.instant(r, "resolved_at");
        return resolvedAt == null
                ? null
                : new StoredDiscrepancy.Resolution(
                        text(r, "resolution"), text(r, "resolved_by"), resolvedAt, accepted(r));
    }

    /** Null if nothing is requested, or it is resolved. */
    static StoredDiscrepancy.@Nullable AcceptRequest request(ResultSet r) throws SQLException {
        Acceptance acceptance = accepted(r);
        return acceptance == null || NullableColumns.number(r, "resolved_at") != null
                ? null
                : new StoredDiscrepancy.AcceptRequest(
                        acceptance,
                        text(r, "request_note"),
                        new Approver(text(r, "requested_by"), text(r, "requested_by_id")),
                        Instant.ofEpochMilli(r.getLong("requested_at")));
    }

    private static @Nullable Acceptance accepted(ResultSet r) throws SQLException {
        Long code = NullableColumns.number(r, "acceptance");
        return code == null ? null : CodedEnum.ofCode(Acceptance.class, code.intValue());
    }

    private static String text(ResultSet r, String column) throws SQLException {
        return Objects.requireNonNull(r.getString(column), column);
    }
}
