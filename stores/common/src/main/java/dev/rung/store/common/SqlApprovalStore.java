package dev.rung.store.common;

import dev.rung.payments.model.WaitingApproval;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentStore.Page;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what waits for approval in the tables {@code refund} and {@code discrepancy}. Thread-safe. */
public final class SqlApprovalStore implements ApprovalStore {
    private static final String DISCREPANCIES = "SELECT " + PaymentRows.DISCREPANCY + """
             FROM discrepancy d
            WHERE d.resolved_at IS NULL AND d.acceptance IS NOT NULL AND d.id < ?
            ORDER BY d.id DESC LIMIT ?""";

    private final SqlStatements catalog;

    /**
     * @param catalog for searches
     */
    public SqlApprovalStore(SqlStatements catalog) {
        this.catalog = catalog;
    }

    @Override
    public Page<WaitingApproval, Long> waiting(@Nullable Long before, int limit) {
        long below = before == null ? Long.MAX_VALUE : before;
        List<WaitingApproval> refunds = catalog.list(
                RefundRows.WAITING, r -> new WaitingApproval.OfRefund(RefundRows.refund(r)), below, limit + 1);
        List<WaitingApproval> discrepancies = catalog.list(
                DISCREPANCIES, r -> new WaitingApproval.OfDiscrepancy(PaymentRows.discrepancy(r)), below, limit + 1);
        List<WaitingApproval> found = Stream.concat(refunds.stream(), discrepancies.stream())
                .sorted(Comparator.comparingLong(WaitingApproval::id).reversed())
                .toList();
        return Page.of(found, limit, WaitingApproval::id);
    }
}
