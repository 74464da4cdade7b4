package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.Approver;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.StoredDiscrepancy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How discrepancies end: the statements, each with its parameters, and the row mapping. */
public final class DiscrepancyRows {
    private static final String RESOLVE = """
            UPDATE discrepancy
               SET resolution = ?, resolved_by = ?, resolved_at = ?, acceptance = ?, settling = NULL, settling_until = 0
             WHERE id = ? AND resolved_at IS NULL""";

    private static final String RESOLVE_UNCLAIMED = RESOLVE + " AND settling_until <= ?";
    private static final String RESOLVE_CLAIMED = RESOLVE + " AND settling = ?";

    /** Parameters: {@link #request}. */
    public static final String REQUEST = """
            UPDATE discrepancy
               SET acceptance = ?, request_note = ?, requested_by = ?, requested_by_id = ?, requested_at = ?
             WHERE id = ? AND resolved_at IS NULL AND acceptance IS NULL AND settling_until <= ?""";

    /** Parameters: an id and the time. */
    public static final String WITHDRAW = """
            UPDATE discrepancy SET acceptance = NULL
             WHERE id = ? AND resolved_at IS NULL AND acceptance IS NOT NULL AND settling_until <= ?""";

    /** Parameters: {@link #claim}. */
    public static final String CLAIM = """
            UPDATE discrepancy SET settling = ?, settling_until = ?
             WHERE id = ? AND resolved_at IS NULL AND coalesce(acceptance, -1) = ? AND (settling = ? OR settling_until <= ?)""";

    /** Parameters: an id and the code of the acceptance. */
    public static final String RELEASE = """
            UPDATE discrepancy SET settling = NULL, settling_until = 0
             WHERE id = ? AND settling = ? AND resolved_at IS NULL""";

    /**
     * Reopens what a refund was to settle. Parameters: the ids of discrepancy and payment. The acceptance is assigned first: MySQL assigns from left to
     * right.
     */
    public static final String REOPEN = CodedSql.of("""
            UPDATE discrepancy
               SET acceptance = CASE WHEN resolved_at IS NULL THEN acceptance END, resolution = NULL, resolved_by = NULL,
                   resolved_at = NULL, settling = NULL, settling_until = 0
             WHERE id = ? AND payment_id = ?
               AND (resolved_at IS NOT NULL AND acceptance = {Acceptance.REFUND} OR settling = {Acceptance.REFUND})""", List.of(Acceptance.class));

    static final String COLUMNS = """
            d.resolution, d.resolved_by, d.resolved_at, d.acceptance, d.request_note, d.requested_by, d.requested_by_id,
            d.requested_at""";

    private DiscrepancyRows() {}

    /** Parameters: {@link #resolution}. */
    public static String resolve(StoredDiscrepancy.Resolution resolution) {
        return resolution.accepted() == null ? RESOLVE_UNCLAIMED : RESOLVE_CLAIMED;
    }

    public static @Nullable Object[] resolution(DiscrepancyId id, StoredDiscrepancy.Resolution resolution) {
        long at = resolution.at().toEpochMilli();
        Acceptance accepted = resolution.accepted();
        Integer code = accepted == null ? null : accepted.code();
        return new @Nullable Object[] {
            resolution.note(), resolution.by(), at, code, id.value(), code == null ? at : code
        };
    }

    public static @Nullable Object[] claim(DiscrepancyId id, StoredDiscrepancy.Claim claim) {
        int code = claim.acceptance().code();
        return new @Nullable Object[] {
            code,
            claim.until().toEpochMilli(),
            id.value(),
            claim.approved() ? code : -1,
            code,
            claim.at().toEpochMilli()
        };
    }

    public static @Nullable Object[] request(DiscrepancyId id, StoredDiscrepancy.AcceptRequest request) {
        return new @Nullable Object[] {
            request.acceptance().code(),
            request.note(),
            request.by().name(),
            request.by().id(),
            request.at().toEpochMilli(),
            id.value(),
            request.at().toEpochMilli()
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
